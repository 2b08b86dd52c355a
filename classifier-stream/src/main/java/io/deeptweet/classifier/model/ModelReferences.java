// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelHeader;
import io.deeptweet.model.score.ClassHistograms;
import io.deeptweet.model.score.ShareCorrection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the evaluation report of each published model says about its scores: their histograms on the test set, the
 * reference of drift, and the correction of shares. The model watcher's thread writes, the stream threads read; a
 * version's report never changes.
 */
public final class ModelReferences {
    private record Reference(Optional<ClassHistograms> histograms, Optional<ShareCorrection> correction) {
        static final Reference NONE = new Reference(Optional.empty(), Optional.empty());

        static Reference of(String header) {
            try {
                String report = ModelHeader.read(header).report();
                return new Reference(ClassHistograms.ofTestScores(report), ShareCorrection.ofReport(report));
            } catch (InvalidArtefactException e) { // a model can score without a report
                return NONE;
            }
        }
    }

    private final Map<String, Reference> byVersion = new ConcurrentHashMap<>();

    /**
     * Adds a model, unless it is known.
     *
     * @param header the JSON header of its artefact; one without a usable report counts as a model without references
     */
    public void add(String version, String header) {
        byVersion.computeIfAbsent(version, added -> Reference.of(header));
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
            Optional<ClassHistograms> histogram = reference(version.getKey()).histograms();
            if (histogram.isEmpty()) return Optional.empty();
            double[][] shares = histogram.get().shares();
            for (int i = 0; i < shares.length; i++)
                for (int bin = 0; bin < shares[i].length; bin++)
                    expected[i][bin] += shares[i][bin] * version.getValue() / all;
        }
        return Optional.of(expected);
    }

    /**
     * Returns the correction of texts that several models have scored.
     *
     * @param versions number of scored tweets by version
     * @return empty if nothing was scored, or if a model's report has no correction
     */
    public Optional<ShareCorrection> correction(Map<String, Long> versions) {
        Map<ShareCorrection, Long> texts = new HashMap<>();
        for (Map.Entry<String, Long> version : versions.entrySet()) {
            Optional<ShareCorrection> correction = reference(version.getKey()).correction();
            if (correction.isEmpty()) return Optional.empty();
            texts.merge(correction.get(), version.getValue(), Long::sum);
        }
        return texts.isEmpty() ? Optional.empty() : Optional.of(ShareCorrection.mean(texts));
    }

    private Reference reference(String version) {
        return byVersion.getOrDefault(version, Reference.NONE);
    }
}
