// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.schemas.ModelManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How each published model's scores of its test texts were spread: the histogram in its report, which drift is measured
 * against. Filled by the model watcher, read by the stream's threads; a version's report never changes.
 */
public final class ReferenceScores {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Optional<ScoreHistogram>> byVersion = new ConcurrentHashMap<>();

    /** Takes in what a model's report says, unless it is known. */
    public void read(ModelManifest manifest) {
        byVersion.computeIfAbsent(manifest.getVersion(), version -> histogram(manifest.getHeader()));
    }

    /**
     * The shares that scores of these models are expected to have, each model counting as often as it scored.
     *
     * @param versions the models, and how many tweets each scored
     * @return one share per bin; empty if nothing was scored, or if a model's report holds no histogram
     */
    public Optional<double[]> expected(Map<String, Long> versions) {
        double[] expected = new double[ScoreHistogram.BINS];
        long all = versions.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) return Optional.empty();
        for (Map.Entry<String, Long> version : versions.entrySet()) {
            Optional<ScoreHistogram> histogram = byVersion.getOrDefault(version.getKey(), Optional.empty());
            if (histogram.isEmpty()) return Optional.empty();
            double[] shares = histogram.get().shares();
            for (int bin = 0; bin < expected.length; bin++) expected[bin] += shares[bin] * version.getValue() / all;
        }
        return Optional.of(expected);
    }

    /** {@code __metadata__.report} of an artefact's header is JSON in a string, and in that {@code test.histogram}. */
    private static Optional<ScoreHistogram> histogram(String header) {
        try {
            JsonNode bins = JSON.readTree(JSON.readTree(header)
                            .path("__metadata__")
                            .path("report")
                            .asText("{}"))
                    .path("test")
                    .path("histogram");
            List<Long> counts = new ArrayList<>();
            bins.forEach(bin -> counts.add(bin.asLong(-1)));
            ScoreHistogram histogram = new ScoreHistogram(counts);
            return histogram.total() > 0 ? Optional.of(histogram) : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional
                    .empty(); // an older report, or one that somebody else wrote: a model need not have one to score
        }
    }
}
