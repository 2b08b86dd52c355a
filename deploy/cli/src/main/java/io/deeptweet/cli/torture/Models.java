// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Two small models with random weights: they load at once, and a round trains them in a second. */
final class Models {
    private static final int SIZE = 24;
    private static final int UNITS = 8;
    private static final int NGRAMS = 1024;
    private static final int MAXIMUM_LENGTH = 64;

    private Models() {}

    static List<ModelArtefact> pair(List<String> words) {
        Vocabulary vocabulary = Vocabulary.of(words);
        Weights weights = new Weights(
                vocabulary.size(),
                SIZE,
                UNITS,
                random(1, vocabulary.size() * SIZE),
                lstm(2),
                lstm(3),
                List.of(new Weights.Head(random(4, 2 * UNITS), 0, new float[NGRAMS])));
        ModelArtefact first = artefact("torture-a", vocabulary, weights, Optional.empty());
        Weights biased = weights.withHeads(List.of(weights.polarity().withBias(1)));
        return List.of(first, artefact("torture-b", vocabulary, biased, Optional.of(first.version())));
    }

    private static ModelArtefact artefact(
            String name, Vocabulary vocabulary, Weights weights, Optional<String> parent) {
        return ModelArtefact.of(
                name,
                TextPipeline.deepTweet(),
                MAXIMUM_LENGTH,
                vocabulary,
                weights,
                new ModelArtefact.Provenance(parent, Instant.now(), "none", "{}"));
    }

    private static Weights.Lstm lstm(int seed) {
        return new Weights.Lstm(
                random(seed, 4 * SIZE * UNITS), random(seed + 10, 4 * UNITS * UNITS), random(seed + 20, 4 * UNITS));
    }

    private static float[] random(int seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * 0.2f;
        return values;
    }
}
