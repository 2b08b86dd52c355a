// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import io.deeptweet.schemas.DriftWindow;
import java.util.List;

/**
 * A feed's drift, as {@code /status} shows it.
 *
 * @param window start of the window, an ISO instant
 * @param tweets number of tweets in the window
 * @param unknownRate share of tokens that the vocabulary does not hold, in [0, 1]
 * @param uncertainShare share of tweets with a probability near 0.5, in [0, 1]
 * @param psi population stability index of the probabilities; null if the model's report has no histogram
 * @param alarms the measures above their thresholds
 */
public record DriftSummary(
        String feed,
        String window,
        long tweets,
        double unknownRate,
        double uncertainShare,
        Double psi,
        List<String> alarms) {
    static DriftSummary of(DriftWindow window) {
        return new DriftSummary(
                window.getFeed(),
                window.getStart().toString(),
                window.getCount(),
                window.getUnknownRate(),
                window.getUncertainShare(),
                window.getPsi().orElse(null),
                window.getAlarms());
    }
}
