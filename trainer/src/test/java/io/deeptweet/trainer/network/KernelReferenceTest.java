// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.KernelKind;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The scoring kernels against DL4J's own layers. */
class KernelReferenceTest {
    private static final float TOLERANCE = 1e-5f;
    private static final ModelArtefact SMALL =
            RandomModels.model(List.of("a", "hi", "x", "😀", "cafe", "!", "<url>", "hey"), 6, 5, 1);
    private static final KernelScorer KERNEL = KernelScorer.of(SMALL);
    private static final ReferenceScorer REFERENCE = ReferenceScorer.of(SMALL);

    /** DL4J computes the texts of one length together, since it is slow. */
    @Test
    void everyLengthScoresAsInTheReference() {
        ModelArtefact model = RandomModels.model(500, 150, 80, 1);
        Random random = new Random(2);
        int[][] texts = IntStream.range(0, 4 * model.maximumLength())
                .mapToObj(i -> random.ints(1 + i / 4, 1, 500).toArray())
                .toArray(int[][]::new);
        float[][] expected = BiLstm.of(model.weights(), BiLstm.Encoder.STOCK).probabilities(texts);
        for (KernelKind kind : KernelKind.values()) {
            KernelScorer kernel = KernelScorer.of(model, kind);
            for (int i = 0; i < texts.length; i++)
                assertThat(kernel.networkScore(texts[i]).polarity())
                        .as("%s, rows %s", kind, texts[i])
                        .isCloseTo(expected[i][0], within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oddSizesScoreAsInTheReference(KernelKind kind) {
        for (int units : new int[] {1, 2, 3, 5, 8, 15, 16, 17, 31, 33}) {
            ModelArtefact model =
                    RandomModels.withHeads(2, RandomModels.words(20 + units % 4), units + 2, units, 0, units);
            KernelScorer kernel = KernelScorer.of(model, kind);
            ReferenceScorer reference = ReferenceScorer.of(model);
            int[] rows = new Random(units).ints(9, 1, 20).toArray();
            assertAlike(kernel.networkScore(rows), reference.networkScore(rows), units + " units");
        }
    }

    /** With DL4J's own masks, padding would reach the backward direction. */
    @Test
    void theTextsBesideItDoNotChangeAScore() {
        ModelArtefact model = RandomModels.model(50, 10, 7, 3);
        KernelScorer kernel = KernelScorer.of(model);
        int[][] batch = {{5}, {7, 8, 9, 10, 11, 12}, {1, 49, 3}};
        float[][] side = BiLstm.of(model.weights()).probabilities(batch);
        for (int i = 0; i < batch.length; i++)
            assertThat(kernel.networkScore(batch[i]).polarity()).isCloseTo(side[i][0], within(TOLERANCE));
    }

    /** Weights far larger than trained ones saturate the gates. */
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
        assertAlike(
                KernelScorer.of(model, kind).networkScore(rows),
                ReferenceScorer.of(model).networkScore(rows),
                "saturated");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void textsScoreAsInTheReferenceWithNgramsBesideTheNetwork(int heads) {
        ModelArtefact model =
                RandomModels.withHeads(heads, List.of("good", "bad", "n't", "not", "😀"), 6, 4, 1 << 10, 11);
        KernelScorer kernel = KernelScorer.of(model);
        ReferenceScorer reference = ReferenceScorer.of(model);
        for (String text : List.of(
                "", "good", "not good", "I don't know, bad 😀!!", "unheard-of words ñandú 日本", "good bad ".repeat(60)))
            assertAlike(kernel.score(text), reference.score(text), text);
    }

    private static void assertAlike(Score actual, Score expected, String what) {
        assertThat(actual.polarity()).as(what).isCloseTo(expected.polarity(), within(TOLERANCE));
        assertThat(actual.opinion()).as(what).isCloseTo(expected.opinion(), within(TOLERANCE));
        assertThat(actual.tokens()).as(what).isEqualTo(expected.tokens());
        assertThat(actual.unknown()).as(what).isEqualTo(expected.unknown());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.deeptweet.model.HostileText#withTokens")
    void hostileTextScoresAsInTheReference(String what, String text, List<String> tokens) {
        assertAlike(KERNEL.score(text), REFERENCE.score(text), text);
    }

    @Test
    void rowsWithoutTokensScoreAsInTheReference() {
        assertThat(KERNEL.networkScore(new int[0])).isEqualTo(REFERENCE.networkScore(new int[0]));
    }

    @Test
    void aTextWithoutTokensScoresByTheBiasAlone() {
        float expected = (float) (1 / (1 + Math.exp(-SMALL.weights().polarity().bias())));
        for (String text : List.of("", "   ", "RT @bob: ", "\uD83D", "..."))
            assertThat(REFERENCE.score(text).polarity()).as(text).isEqualTo(expected);
    }
}
