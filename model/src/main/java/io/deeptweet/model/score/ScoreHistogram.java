// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Counts of scores in {@value #BINS} bins of equal width from 0 to 1. A bin includes its lower end; the last one also
 * includes 1.
 *
 * @param counts one per bin, each 0 or more
 */
public record ScoreHistogram(List<Long> counts) {
    public static final int BINS = 10;
    /** No scores. */
    public static final ScoreHistogram EMPTY = new ScoreHistogram(Collections.nCopies(BINS, 0L));

    /** Smallest share of a bin in {@link #populationStabilityIndex}, since the logarithm of 0 is infinite. */
    private static final double SMALLEST_SHARE = 1e-4;

    public ScoreHistogram {
        counts = List.copyOf(counts);
        if (counts.size() != BINS || counts.stream().anyMatch(count -> count < 0))
            throw new IllegalArgumentException(
                    "a histogram of scores has " + BINS + " counts, none below 0, not " + counts);
    }

    /** The histogram of these probabilities, each in [0, 1]. */
    public static ScoreHistogram of(float... probabilities) {
        Long[] counts = new Long[BINS];
        Arrays.fill(counts, 0L);
        for (float probability : probabilities) counts[Math.min(BINS - 1, (int) ((double) probability * BINS))]++;
        return new ScoreHistogram(List.of(counts));
    }

    /** The sum of two histograms. */
    public ScoreHistogram plus(ScoreHistogram other) {
        Long[] sums = new Long[BINS];
        for (int bin = 0; bin < BINS; bin++) sums[bin] = counts.get(bin) + other.counts.get(bin);
        return new ScoreHistogram(List.of(sums));
    }

    /** Number of scores. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Number of scores below a multiple of 0.1.
     *
     * @param tenths 0 to {@value #BINS}: 2 counts the scores below 0.2
     */
    public long below(int tenths) {
        return counts.subList(0, tenths).stream().mapToLong(Long::longValue).sum();
    }

    /** (bins) the share of the scores in each bin, in [0, 1]; all 0 if there are no scores. */
    public double[] shares() {
        double total = Math.max(1, total());
        return counts.stream().mapToDouble(count -> count / total).toArray();
    }

    /**
     * The population stability index (PSI): the sum over the bins of (share − expected) · ln(share / expected). A share
     * below {@code 1e-4} counts as {@code 1e-4}. By convention, below 0.1 means little change and above 0.25 much. The
     * expected value for n scores of an unchanged distribution is not 0, but about (bins − 1) / n.
     *
     * @param expected (bins) the expected share of each bin; their sum is 1
     * @return 0 or more
     * @see <a href="https://scholarworks.wmich.edu/dissertations/3208">Yurdakul: Statistical Properties of Population
     *     Stability Index, 2018</a>, which names the source of the convention: Siddiqi, Credit Risk Scorecards, 2006
     */
    public double populationStabilityIndex(double[] expected) {
        double[] shares = shares();
        double index = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double share = Math.max(SMALLEST_SHARE, shares[bin]);
            double before = Math.max(SMALLEST_SHARE, expected[bin]);
            index += (share - before) * Math.log(share / before);
        }
        return index;
    }
}
