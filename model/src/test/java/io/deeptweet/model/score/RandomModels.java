// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Models of any size whose weights are random, but as large as trained ones. */
public final class RandomModels {
    private RandomModels() {}

    /** A model that knows these words. */
    public static ModelArtefact model(List<String> words, int embeddingSize, int units, long seed) {
        return model(words, weights(words.size() + 2, embeddingSize, units, seed));
    }

    private static ModelArtefact model(List<String> words, Weights weights) {
        return ModelArtefact.of(
                "random",
                TextPipeline.deepTweet(),
                64,
                Vocabulary.of(words),
                weights,
                new ModelArtefact.Provenance(Optional.empty(), Instant.parse("2026-01-31T12:00:00Z"), "none", "{}"));
    }

    /** The same with n-grams beside the network. */
    public static ModelArtefact withNgrams(List<String> words, int embeddingSize, int units, int buckets, long seed) {
        Weights network = weights(words.size() + 2, embeddingSize, units, seed);
        return model(
                words, network.withSum(network.dense(), network.denseBias(), values(new Random(seed), buckets, 0.3)));
    }

    /** A model that knows the words w2, w3, and so on, in as many rows. */
    public static ModelArtefact model(int rows, int embeddingSize, int units, long seed) {
        List<String> words = new ArrayList<>();
        for (int row = 2; row < rows; row++) words.add("w" + row);
        return model(words, embeddingSize, units, seed);
    }

    public static Weights weights(int rows, int embeddingSize, int units, long seed) {
        Random random = new Random(seed);
        return new Weights(
                rows,
                embeddingSize,
                units,
                values(random, rows * embeddingSize, 0.5),
                lstm(random, embeddingSize, units),
                lstm(random, embeddingSize, units),
                values(random, 2 * units, 0.6),
                0.1f);
    }

    private static Weights.Lstm lstm(Random random, int embeddingSize, int units) {
        return new Weights.Lstm(
                values(random, embeddingSize * 4 * units, 0.2),
                values(random, units * 4 * units, 0.2),
                values(random, 4 * units, 0.5));
    }

    private static float[] values(Random random, int size, double deviation) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (random.nextGaussian() * deviation);
        return values;
    }
}
