// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.network.BiLstm;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelScorerTest {
    private static final float TOLERANCE = 1e-5f;

    static Stream<Named<BiFunction<Weights, Boolean, Kernel>>> kernels() {
        return Stream.of(Named.of("scalar", ScalarKernel::new), Named.of("vector", VectorKernel::new));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyLengthScoresAsInTheReference(BiFunction<Weights, Boolean, Kernel> kind) {
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
    @MethodSource("kernels")
    void oddSizesScoreAsInTheReference(BiFunction<Weights, Boolean, Kernel> kind) {
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

    @ParameterizedTest
    @MethodSource("kernels")
    void manyRowsScoreTogetherAsEachAlone(BiFunction<Weights, Boolean, Kernel> kind) {
        KernelScorer kernel = KernelScorer.of(RandomModels.model(300, 12, 21, 12), kind);
        Random random = new Random(13);
        for (int count : new int[] {0, 1, 2, 3, 4, 5, 7, 100}) {
            int[][] texts = IntStream.range(0, count)
                    .mapToObj(i -> random.ints(random.nextInt(12) == 0 ? 0 : random.nextInt(1, 65), 1, 300)
                            .toArray())
                    .toArray(int[][]::new);
            float[] together = kernel.probabilities(texts);
            assertThat(together).hasSize(count);
            for (int i = 0; i < count; i++)
                assertThat(together[i])
                        .as("text %d of %d", i, count)
                        .isCloseTo(kernel.probability(texts[i]), within(1e-6f));
        }
    }

    @Test
    void bothKernelsGiveTheSameAnswers() {
        ModelArtefact model = RandomModels.model(2_000, 150, 80, 14);
        KernelScorer scalar = KernelScorer.of(model, ScalarKernel::new);
        KernelScorer vector = KernelScorer.of(model, VectorKernel::new);
        Random random = new Random(15);
        double largest = 0;
        for (int i = 0; i < 5_000; i++) {
            int[] rows = random.ints(random.nextInt(1, 65), 1, 2_000).toArray();
            largest = Math.max(largest, Math.abs(scalar.probability(rows) - vector.probability(rows)));
        }
        System.out.println("largest difference of the kernels: " + largest);
        assertThat(largest).isLessThan(3e-6);
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
    @MethodSource("kernels")
    void saturatedGatesScoreAsInTheReference(BiFunction<Weights, Boolean, Kernel> kind) {
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

    @ParameterizedTest
    @MethodSource("kernels")
    void manyTextsScoreTogetherAsEachAlone(BiFunction<Weights, Boolean, Kernel> kind) {
        KernelScorer kernel = KernelScorer.of(
                RandomModels.withNgrams(
                        IntStream.range(2, 200).mapToObj(i -> "w" + i).toList(), 12, 21, 1 << 10, 12),
                kind);
        Random random = new Random(16);
        List<String> texts = IntStream.range(0, 100)
                .mapToObj(i -> random.ints(i % 9 == 0 ? 0 : random.nextInt(1, 80), 0, 220)
                        .mapToObj(word -> "w" + word)
                        .collect(Collectors.joining(" ")))
                .toList();
        List<Score> together = kernel.score(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.get(i).probability())
                    .as(texts.get(i))
                    .isCloseTo(kernel.score(texts.get(i)).probability(), within(1e-6f));
            assertThat(together.get(i).version()).isEqualTo(kernel.version());
        }
        assertThat(kernel.score(List.<String>of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 12})
    void anExplanationAddsUpToTheLogit(int buckets) {
        ModelArtefact model = RandomModels.withNgrams(
                IntStream.range(2, 200).mapToObj(i -> "w" + i).toList(), 30, 20, buckets, 7);
        KernelScorer kernel = KernelScorer.of(model);
        Random random = new Random(8);
        for (int length : new int[] {0, 1, 2, 7, 64, 80}) {
            String text = random.ints(length, 0, 220)
                    .mapToObj(i -> model.vocabulary().words().get(i % 198) + (i < 198 ? "" : "x"))
                    .collect(Collectors.joining(" "));
            Explanation explanation = kernel.explain(text);
            double probability = kernel.score(text).probability();
            double sum = explanation.bias()
                    + explanation.terms().stream()
                            .mapToDouble(Explanation.Term::logit)
                            .sum();
            assertThat(sum).as(text).isCloseTo(Math.log(probability / (1 - probability)), within(1e-4));
            assertThat(explanation.score()).isEqualTo(kernel.score(text));
            assertThat(explanation.terms())
                    .extracting(Explanation.Term::token)
                    .isEqualTo(model.pipeline().tokens(text).stream()
                            .limit(model.maximumLength())
                            .toList());
            double side = probability >= 0.5 ? 1 : -1;
            assertThat(explanation.decisive(3)).hasSizeLessThanOrEqualTo(3).allMatch(term -> term.logit() * side > 0);
        }
    }

    @Test
    void aScoreTellsHowManyTokensWereReadAndHowManyAreUnknown() {
        KernelScorer kernel = KernelScorer.of(RandomModels.withNgrams(List.of("good", "bad"), 6, 4, 1 << 10, 11));
        assertThat(kernel.score("good, unheard-of bad"))
                .extracting(Score::tokens, Score::unknown)
                .containsExactly(4, 2);
        assertThat(kernel.score("")).extracting(Score::tokens, Score::unknown).containsExactly(0, 0);
        assertThat(kernel.score("nowhere ".repeat(1000)))
                .satisfies(score ->
                        assertThat(score.unknown()).isEqualTo(score.tokens()).isLessThan(1000));
    }

    @Test
    void aTextWithoutTokensScoresByTheBiasAlone() {
        ModelArtefact model = RandomModels.model(10, 4, 3, 6);
        float expected = (float) (1 / (1 + Math.exp(-model.weights().denseBias())));
        for (String text : List.of("", "   ", "RT @bob: ", "\uD83D", "...")) {
            assertThat(KernelScorer.of(model).score(text).probability())
                    .as(text)
                    .isEqualTo(expected);
            assertThat(ReferenceScorer.of(model).score(text).probability())
                    .as(text)
                    .isEqualTo(expected);
        }
    }

    @Test
    void onlyTheFirstTokensCount() {
        KernelScorer kernel = KernelScorer.of(RandomModels.model(10, 4, 3, 7));
        String longest = "w2 w3 ".repeat(32);
        assertThat(kernel.score(longest + "w9 w9 w9")).isEqualTo(kernel.score(longest));
        assertThat(kernel.score("w2 w3 ".repeat(31) + "w9")).isNotEqualTo(kernel.score("w2 w3 ".repeat(31)));
    }

    @Test
    void aScoreNamesTheModelThatGaveIt() {
        ModelArtefact model = RandomModels.model(10, 4, 3, 8);
        assertThat(KernelScorer.of(model).score("w2").version()).isEqualTo(model.version());
        assertThat(KernelScorer.of(model).version()).isEqualTo(model.version());
    }

    @Test
    void manyThreadsScoreAsOne() throws Exception {
        KernelScorer kernel = KernelScorer.of(RandomModels.model(200, 20, 16, 9));
        List<String> texts = IntStream.range(0, 500)
                .mapToObj(i -> "w" + (2 + i % 198) + " w" + (2 + i * 7 % 198) + " w5")
                .toList();
        List<Score> alone = texts.stream().map(kernel::score).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<List<Score>> all = () -> texts.stream().map(kernel::score).toList();
            for (Future<List<Score>> scores : threads.invokeAll(List.of(all, all, all, all)))
                assertThat(scores.get()).isEqualTo(alone);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Bounded widely: the machine that runs tests may be busy. Measured: about half a second. */
    @ParameterizedTest
    @MethodSource("kernels")
    void theTablesOfTheWholeVocabularyAreBuiltInSeconds(BiFunction<Weights, Boolean, Kernel> kind) {
        ModelArtefact model = RandomModels.model(20_001, 150, 80, 10);
        long start = System.nanoTime();
        KernelScorer.of(model, kind);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.println("tables built in " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }
}
