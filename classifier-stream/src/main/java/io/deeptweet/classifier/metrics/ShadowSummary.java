// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import java.util.Optional;

/**
 * How a shadow compares with the active model, as {@code /status} shows it.
 *
 * @param version version of the shadow
 * @param compared number of tweets that both have scored
 * @param disagreed share of them with another sentiment, in [0, 1]; empty while there are none
 * @param meanDifference mean absolute difference of the probabilities, in [0, 1]; empty while there are none
 * @param failed number of tweets that the shadow could not score
 */
public record ShadowSummary(
        String version, long compared, Optional<Double> disagreed, Optional<Double> meanDifference, long failed) {}
