// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small models with random weights. */
public final class TestModels {
    private TestModels() {}

    /** A model whose embedding, most of its bytes, depends on one seed and the rest on another. */
    static ModelArtefact model(String name, int embeddingSeed, int seed, Optional<String> parent) {
        int words = 1000;
        int size = 150;
        int units = 20;
        Weights weights = new Weights(
                words,
                size,
                units,
                random(embeddingSeed, words * size, 0.1f),
                lstm(seed, size, units, 0.1f),
                lstm(seed + 1, size, units, 0.1f),
                List.of(new Weights.Head(random(seed, 2 * units, 0.1f), 0.1f)));
        Vocabulary vocabulary = Vocabulary.of(
                IntStream.range(2, words).mapToObj(i -> "word" + i).toList());
        return artefact(name, vocabulary, weights, parent);
    }

    /** Models that share an embedding, each the parent of the next. */
    static List<ModelArtefact> chain(int length) {
        List<ModelArtefact> chain = new ArrayList<>();
        for (int i = 0; i < length; i++)
            chain.add(model(
                    "link" + i,
                    1,
                    i + 1,
                    i == 0 ? Optional.empty() : Optional.of(chain.get(i - 1).version())));
        return chain;
    }

    /** A model that knows these words, but not their sentiment; small enough to be trained in a second. */
    public static ModelArtefact untrained(List<String> words) {
        Vocabulary vocabulary = Vocabulary.of(
                Stream.concat(words.stream(), IntStream.range(0, 600).mapToObj(i -> "word" + i))
                        .toList());
        int size = 24;
        int units = 8;
        Weights weights = new Weights(
                vocabulary.size(),
                size,
                units,
                random(1, vocabulary.size() * size, 0.2f),
                lstm(2, size, units, 0.2f),
                lstm(3, size, units, 0.2f),
                List.of(new Weights.Head(random(4, 2 * units, 0.2f), 0, new float[1024])));
        return artefact("base", vocabulary, weights, Optional.empty());
    }

    private static ModelArtefact artefact(
            String name, Vocabulary vocabulary, Weights weights, Optional<String> parent) {
        return ModelArtefact.of(
                name,
                TextPipeline.deepTweet(),
                64,
                vocabulary,
                weights,
                new ModelArtefact.Provenance(parent, Instant.parse("2026-01-02T03:04:05Z"), "a test", "{}"));
    }

    private static Weights.Lstm lstm(int seed, int size, int units, float deviation) {
        return new Weights.Lstm(
                random(seed, 4 * size * units, deviation),
                random(seed + 10, 4 * units * units, deviation),
                random(seed + 20, 4 * units, deviation));
    }

    private static float[] random(int seed, int length, float deviation) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * deviation;
        return values;
    }
}
