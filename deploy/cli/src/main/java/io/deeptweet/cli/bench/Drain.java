// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

/**
 * How fast a backlog was processed. The names are those of {@code bench --json}.
 *
 * @param perSecond tweets per second that came out on {@code tweets.scored}, by the broker's clock
 * @param countedSeconds how long after the last tweet the last of its windows came out
 * @param classifierMicros CPU time of all classifiers, µs per tweet
 * @param brokerMicros CPU time of the broker, µs per tweet
 * @param rawBytes size of a tweet on {@code tweets.raw}
 * @param scoredBytes size of a tweet on {@code tweets.scored}
 */
record Drain(
        long tweets,
        double perSecond,
        double countedSeconds,
        double classifierMicros,
        double brokerMicros,
        double rawBytes,
        double scoredBytes) {}
