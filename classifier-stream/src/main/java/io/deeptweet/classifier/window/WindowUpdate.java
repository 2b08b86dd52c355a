// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

/**
 * The sums of a window after a change.
 *
 * @param closed whether these are the final results
 */
public record WindowUpdate(SentimentAggregate sum, boolean closed) {}
