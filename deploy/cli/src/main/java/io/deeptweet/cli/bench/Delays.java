// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How long tweets took from their append to {@code tweets.raw} until a committed reader had them, in milliseconds,
 * without the first half, which warms up. The names are those of {@code bench --json}.
 *
 * @param rate tweets per second that were to be sent
 * @param sent tweets per second that were appended
 */
record Delays(int rate, double sent, long p50, long p99, long p999, long max) {
    private static final double WARM_UP = 0.5;

    /**
     * The quantiles.
     *
     * @param appended when each tweet was appended, ms
     * @param seen when each tweet was seen, ms; as many
     */
    static Delays of(int rate, long[] appended, long[] seen) {
        int count = appended.length;
        int from = (int) (count * WARM_UP);
        long[] delays = LongStream.range(from, count)
                .map(i -> seen[(int) i] - appended[(int) i])
                .sorted()
                .toArray();
        long first = Arrays.stream(appended, from, count).min().orElseThrow();
        long last = Arrays.stream(appended, from, count).max().orElseThrow();
        return new Delays(
                rate,
                1000.0 * (count - from) / Math.max(1, last - first),
                quantile(delays, 0.5),
                quantile(delays, 0.99),
                quantile(delays, 0.999),
                delays[delays.length - 1]);
    }

    private static long quantile(long[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
    }
}
