// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelScorerTest {
    @ParameterizedTest
    @EnumSource
    void rowsOfManyTextsScoreTogetherAsEachAlone(KernelKind kind) {
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
        KernelScorer scalar = KernelScorer.of(model, KernelKind.SCALAR);
        KernelScorer vector = KernelScorer.of(model, KernelKind.VECTOR);
        Random random = new Random(15);
        double largest = 0;
        for (int i = 0; i < 1_000; i++) {
            int[] rows = random.ints(random.nextInt(1, 65), 1, 2_000).toArray();
            largest = Math.max(largest, Math.abs(scalar.probability(rows) - vector.probability(rows)));
        }
        System.out.println("largest difference of the kernels: " + largest);
        assertThat(largest).isLessThan(3e-6);
    }

    /** One unit, whole vectors of every width, and one more or less. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33})
    void bothKernelsGiveTheSameAnswersAtOddSizes(int units) {
        ModelArtefact model = RandomModels.model(20 + units % 4, units + 2, units, units);
        KernelScorer scalar = KernelScorer.of(model, KernelKind.SCALAR);
        KernelScorer vector = KernelScorer.of(model, KernelKind.VECTOR);
        Random random = new Random(units);
        for (int length = 0; length <= model.maximumLength(); length++) {
            int[] rows = random.ints(length, 1, 20).toArray();
            assertThat(vector.probability(rows))
                    .as("%d tokens", length)
                    .isCloseTo(scalar.probability(rows), within(3e-6f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyTextsScoreTogetherAsEachAlone(KernelKind kind) {
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
    void theTermsOfAnExplanationAddUpToTheLogit(int buckets) {
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
    void aScoreCountsItsTokensAndTheUnknownOnes() {
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
    void aTextWithoutTokensHasTheBiasAsItsLogit() {
        ModelArtefact model = RandomModels.model(10, 4, 3, 6);
        float expected = (float) (1 / (1 + Math.exp(-model.weights().denseBias())));
        for (String text : List.of("", "   ", "RT @bob: ", "\uD83D", "...")) {
            assertThat(KernelScorer.of(model).score(text).probability())
                    .as(text)
                    .isEqualTo(expected);
        }
    }

    @Test
    void onlyTheFirstTokensChangeTheScore() {
        KernelScorer kernel = KernelScorer.of(RandomModels.model(10, 4, 3, 7));
        String longest = "w2 w3 ".repeat(32);
        assertThat(kernel.score(longest + "w9 w9 w9")).isEqualTo(kernel.score(longest));
        assertThat(kernel.score("w2 w3 ".repeat(31) + "w9")).isNotEqualTo(kernel.score("w2 w3 ".repeat(31)));
    }

    @Test
    void aScoreNamesItsModel() {
        ModelArtefact model = RandomModels.model(10, 4, 3, 8);
        assertThat(KernelScorer.of(model).score("w2").version()).isEqualTo(model.version());
        assertThat(KernelScorer.of(model).version()).isEqualTo(model.version());
    }

    @Test
    void manyThreadsScoreAsOneThread() throws Exception {
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

    /** The bound is wide, since the machine may be busy. It takes about half a second. */
    @ParameterizedTest
    @EnumSource
    void theTablesOfTheWholeVocabularyAreBuiltInSeconds(KernelKind kind) {
        ModelArtefact model = RandomModels.model(20_001, 150, 80, 10);
        long start = System.nanoTime();
        KernelScorer.of(model, kind);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.println("tables built in " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }
}
