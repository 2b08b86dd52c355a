// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.KernelKind;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scoring kernels against DL4J's own layers. */
class KernelReferenceTest {
    private static final float TOLERANCE = 1e-5f;
    private static final ModelArtefact SMALL =
            RandomModels.model(List.of("a", "hi", "x", "😀", "cafe", "!", "<url>", "hey"), 6, 5, 1);
    private static final KernelScorer KERNEL = KernelScorer.of(SMALL);
    private static final ReferenceScorer REFERENCE = ReferenceScorer.of(SMALL);

    @ParameterizedTest
    @EnumSource
    void everyLengthScoresAsInTheReference(KernelKind kind) {
        ModelArtefact model = RandomModels.model(500, 150, 80, 1);
        KernelScorer kernel = KernelScorer.of(model, kind);
        ReferenceScorer reference = ReferenceScorer.of(model);
        Random random = new Random(2);
        for (int length = 0; length <= model.maximumLength(); length++) {
            for (int repeat = 0; repeat < 4; repeat++) {
                int[] rows = random.ints(length, 1, 500).toArray();
                assertThat(kernel.probability(rows))
                        .as("rows %s", rows)
                        .isCloseTo(reference.probability(rows), within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oddSizesScoreAsInTheReference(KernelKind kind) {
        for (int units : new int[] {1, 2, 3, 5, 8, 15, 16, 17, 31, 33}) {
            ModelArtefact model = RandomModels.model(20 + units % 4, units + 2, units, units);
            KernelScorer kernel = KernelScorer.of(model, kind);
            ReferenceScorer reference = ReferenceScorer.of(model);
            int[] rows = new Random(units).ints(9, 1, 20).toArray();
            assertThat(kernel.probability(rows))
                    .as("%d units", units)
                    .isCloseTo(reference.probability(rows), within(TOLERANCE));
        }
    }

    /** DL4J's own masks let padding into the backward side. */
    @Test
    void theTextsBesideItDoNotChangeAScore() {
        ModelArtefact model = RandomModels.model(50, 10, 7, 3);
        KernelScorer kernel = KernelScorer.of(model);
        int[][] batch = {{5}, {7, 8, 9, 10, 11, 12}, {1, 49, 3}};
        float[] side = BiLstm.of(model.weights()).probabilities(batch);
        for (int i = 0; i < batch.length; i++)
            assertThat(kernel.probability(batch[i])).isCloseTo(side[i], within(TOLERANCE));
    }

    /** Weights far larger than trained ones drive the gates to their ends. */
    @ParameterizedTest
    @EnumSource
    void saturatedGatesScoreAsInTheReference(KernelKind kind) {
        Weights small = RandomModels.weights(30, 6, 5, 4);
        for (float[] values : List.of(
                small.embedding(),
                small.forward().input(),
                small.backward().recurrent(),
                small.forward().bias())) for (int i = 0; i < values.length; i++) values[i] *= 40;
        ModelArtefact model = ModelArtefact.of(
                "large",
                TextPipeline.deepTweet(),
                64,
                Vocabulary.of(IntStream.range(0, 28).mapToObj(i -> "w" + i).toList()),
                small,
                new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "none", "{}"));
        int[] rows = new Random(5).ints(20, 1, 30).toArray();
        assertThat(KernelScorer.of(model, kind).probability(rows))
                .isCloseTo(ReferenceScorer.of(model).probability(rows), within(TOLERANCE));
    }

    @Test
    void textsScoreAsInTheReferenceWithNgramsBesideTheNetwork() {
        ModelArtefact model = RandomModels.withNgrams(List.of("good", "bad", "n't", "not", "😀"), 6, 4, 1 << 10, 11);
        KernelScorer kernel = KernelScorer.of(model);
        ReferenceScorer reference = ReferenceScorer.of(model);
        for (String text : List.of(
                "", "good", "not good", "I don't know, bad 😀!!", "unheard-of words ñandú 日本", "good bad ".repeat(60)))
            assertThat(kernel.score(text).probability())
                    .as(text)
                    .isCloseTo(reference.score(text).probability(), within(TOLERANCE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.deeptweet.model.HostileText#withTokens")
    void hostileTextScoresAsInTheReference(String what, String text, List<String> tokens) {
        assertThat(KERNEL.score(text).probability())
                .isCloseTo(REFERENCE.score(text).probability(), within(TOLERANCE));
    }

    @Test
    void aTextWithoutTokensScoresByTheBiasAlone() {
        float expected = (float) (1 / (1 + Math.exp(-SMALL.weights().denseBias())));
        for (String text : List.of("", "   ", "RT @bob: ", "\uD83D", "..."))
            assertThat(REFERENCE.score(text).probability()).as(text).isEqualTo(expected);
    }
}
