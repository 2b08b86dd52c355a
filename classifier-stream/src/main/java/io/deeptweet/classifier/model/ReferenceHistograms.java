// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelHeader;
import io.deeptweet.model.score.ClassHistograms;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For each published model, the histogram of its test scores from its evaluation report: the reference distribution of
 * drift. The model watcher's thread writes, the stream threads read; a version's report never changes.
 */
public final class ReferenceHistograms {
    private final Map<String, Optional<ClassHistograms>> byVersion = new ConcurrentHashMap<>();

    /**
     * Adds a model, unless it is known.
     *
     * @param header the JSON header of its artefact; one without a usable report counts as a model without a histogram
     */
    public void add(String version, String header) {
        byVersion.computeIfAbsent(version, added -> histogram(header));
    }

    /**
     * Returns the distributions of scores to expect from several models, each weighted by the number of tweets it
     * scored.
     *
     * @param versions number of scored tweets by version
     * @return (classes, bins) shares; empty if nothing was scored, or if a model has no histograms
     */
    public Optional<double[][]> expected(Map<String, Long> versions) {
        double[][] expected = ClassHistograms.EMPTY.shares();
        long all = versions.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) return Optional.empty();
        for (Map.Entry<String, Long> version : versions.entrySet()) {
            Optional<ClassHistograms> histogram = byVersion.getOrDefault(version.getKey(), Optional.empty());
            if (histogram.isEmpty()) return Optional.empty();
            double[][] shares = histogram.get().shares();
            for (int i = 0; i < shares.length; i++)
                for (int bin = 0; bin < shares[i].length; bin++)
                    expected[i][bin] += shares[i][bin] * version.getValue() / all;
        }
        return Optional.of(expected);
    }

    private static Optional<ClassHistograms> histogram(String header) {
        try {
            return ClassHistograms.ofTestScores(ModelHeader.read(header).report());
        } catch (InvalidArtefactException e) { // a model can score without a report
            return Optional.empty();
        }
    }
}
