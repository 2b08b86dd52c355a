// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How many scores fall into each of {@value #BINS} bins of equal width from 0 to 1; a bin holds its lower end, the last
 * one also 1.
 *
 * @param counts one per bin, each 0 or more
 */
public record ScoreHistogram(List<Long> counts) {
    public static final int BINS = 10;

    /** No scores. */
    public static final ScoreHistogram EMPTY = new ScoreHistogram(Collections.nCopies(BINS, 0L));

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Least share that a bin is taken to have, for the logarithm of an empty one has no end. */
    private static final double LEAST = 1e-4;

    public ScoreHistogram {
        counts = List.copyOf(counts);
        boolean fine = counts.size() == BINS;
        for (long count : counts) fine &= count >= 0;
        if (!fine)
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

    /**
     * Reads the histogram of a model's test scores from its evaluation report.
     *
     * @param report a JSON object; the histogram is its {@code test.histogram}
     * @return empty if the report has no such histogram or it counts no scores
     */
    public static Optional<ScoreHistogram> ofReport(String report) {
        try {
            List<Long> counts = new ArrayList<>();
            JSON.readTree(report).path("test").path("histogram").forEach(bin -> counts.add(bin.asLong(-1)));
            return Optional.of(new ScoreHistogram(counts)).filter(histogram -> histogram.total() > 0);
        } catch (JsonProcessingException | IllegalArgumentException e) { // an older report, or one of another program
            return Optional.empty();
        }
    }

    /** These scores and those. */
    public ScoreHistogram plus(ScoreHistogram other) {
        Long[] sums = new Long[BINS];
        for (int bin = 0; bin < BINS; bin++) sums[bin] = counts.get(bin) + other.counts.get(bin);
        return new ScoreHistogram(List.of(sums));
    }

    /** How many scores. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** How many scores are within so many tenths of 0.5, the lower end included: of 1, those from 0.4 to below 0.6. */
    public long middle(int tenths) {
        return counts.subList(BINS / 2 - tenths, BINS / 2 + tenths).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The share of each bin, in [0, 1]; all 0 if there are no scores. */
    public double[] shares() {
        double total = Math.max(1, total());
        return counts.stream().mapToDouble(count -> count / total).toArray();
    }

    /**
     * The population stability index: the sum over the bins of (share − expected) · ln(share / expected), a share
     * counting at least {@code 1e-4}. By custom, below 0.1 little has changed, above 0.25 much. It is never quite 0:
     * where nothing has changed, n scores give about (bins − 1) / n.
     *
     * @param expected the share of each bin, adding up to 1
     * @return 0 or more
     * @see <a href="https://scholarworks.wmich.edu/dissertations/3208">Yurdakul: Statistical Properties of Population
     *     Stability Index, 2018</a>, which also names the custom's source: Siddiqi, Credit Risk Scorecards, 2006
     */
    public double populationStabilityIndex(double[] expected) {
        double[] shares = shares();
        double index = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double share = Math.max(LEAST, shares[bin]);
            double before = Math.max(LEAST, expected[bin]);
            index += (share - before) * Math.log(share / before);
        }
        return index;
    }
}
