// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelScorerTest {
    /** Each kernel with one head and with two. */
    static Stream<Arguments> kernelsAndHeads() {
        return Stream.of(KernelKind.values()).flatMap(kind -> Stream.of(arguments(kind, 1), arguments(kind, 2)));
    }

    private static void assertAlike(Score actual, Score expected, float tolerance, String what) {
        assertThat(actual.polarity()).as(what).isCloseTo(expected.polarity(), within(tolerance));
        assertThat(actual.opinion()).as(what).isCloseTo(expected.opinion(), within(tolerance));
        assertThat(actual.tokens()).as(what).isEqualTo(expected.tokens());
        assertThat(actual.unknown()).as(what).isEqualTo(expected.unknown());
        assertThat(actual.version()).as(what).isEqualTo(expected.version());
    }

    @ParameterizedTest
    @MethodSource("kernelsAndHeads")
    void rowsOfManyTextsScoreTogetherAsEachAlone(KernelKind kind, int heads) {
        KernelScorer kernel =
                KernelScorer.of(RandomModels.withHeads(heads, RandomModels.words(300), 12, 21, 0, 12), kind);
        Random random = new Random(13);
        for (int count : new int[] {0, 1, 2, 3, 4, 5, 7, 100}) {
            int[][] texts = IntStream.range(0, count)
                    .mapToObj(i -> random.ints(random.nextInt(12) == 0 ? 0 : random.nextInt(1, 65), 1, 300)
                            .toArray())
                    .toArray(int[][]::new);
            List<Score> together = kernel.networkScores(texts);
            assertThat(together).hasSize(count);
            for (int i = 0; i < count; i++)
                assertAlike(together.get(i), kernel.networkScore(texts[i]), 1e-6f, "text " + i + " of " + count);
        }
    }

    @Test
    void bothKernelsGiveTheSameAnswers() {
        ModelArtefact model = RandomModels.withHeads(2, RandomModels.words(2_000), 150, 80, 0, 14);
        KernelScorer scalar = KernelScorer.of(model, KernelKind.SCALAR);
        KernelScorer vector = KernelScorer.of(model, KernelKind.VECTOR);
        Random random = new Random(15);
        double largest = 0;
        for (int i = 0; i < 1_000; i++) {
            int[] rows = random.ints(random.nextInt(1, 65), 1, 2_000).toArray();
            Score expected = scalar.networkScore(rows);
            Score actual = vector.networkScore(rows);
            largest = Math.max(largest, Math.abs(expected.polarity() - actual.polarity()));
            largest = Math.max(largest, Math.abs(expected.opinion() - actual.opinion()));
        }
        System.out.println("largest difference of the kernels: " + largest);
        assertThat(largest).isLessThan(3e-6);
    }

    /** One unit, whole vectors of every width, and one more or less. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33})
    void bothKernelsGiveTheSameAnswersAtOddSizes(int units) {
        for (int heads : new int[] {1, 2}) {
            ModelArtefact model =
                    RandomModels.withHeads(heads, RandomModels.words(20 + units % 4), units + 2, units, 0, units);
            KernelScorer scalar = KernelScorer.of(model, KernelKind.SCALAR);
            KernelScorer vector = KernelScorer.of(model, KernelKind.VECTOR);
            Random random = new Random(units);
            for (int length = 0; length <= model.maximumLength(); length++) {
                int[] rows = random.ints(length, 1, 20).toArray();
                assertAlike(
                        vector.networkScore(rows),
                        scalar.networkScore(rows),
                        3e-6f,
                        heads + " heads, " + length + " tokens");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndHeads")
    void manyTextsScoreTogetherAsEachAlone(KernelKind kind, int heads) {
        KernelScorer kernel =
                KernelScorer.of(RandomModels.withHeads(heads, RandomModels.words(200), 12, 21, 1 << 10, 12), kind);
        Random random = new Random(16);
        List<String> texts = IntStream.range(0, 100)
                .mapToObj(i -> random.ints(i % 9 == 0 ? 0 : random.nextInt(1, 80), 0, 220)
                        .mapToObj(word -> "w" + word)
                        .collect(Collectors.joining(" ")))
                .toList();
        List<Score> together = kernel.score(texts);
        for (int i = 0; i < texts.size(); i++)
            assertAlike(together.get(i), kernel.score(texts.get(i)), 1e-6f, texts.get(i));
        assertThat(kernel.score(List.<String>of())).isEmpty();
    }

    /** The second head changes nothing of the first. */
    @ParameterizedTest
    @EnumSource
    void aModelOfOneHeadHasThePolarityOfOneWithAnOpinionToo(KernelKind kind) {
        List<String> words = RandomModels.words(50);
        KernelScorer one = KernelScorer.of(RandomModels.withHeads(1, words, 12, 9, 1 << 10, 3), kind);
        KernelScorer two = KernelScorer.of(RandomModels.withHeads(2, words, 12, 9, 1 << 10, 3), kind);
        for (String text : List.of("", "w2", "w3 never w4 w5 !", "w7 ".repeat(70))) {
            assertThat(one.score(text).polarity())
                    .as(text)
                    .isCloseTo(two.score(text).polarity(), within(1e-6f));
            assertThat(one.score(text).opinion()).isEqualTo(1);
            assertThat(two.score(text).opinion()).isStrictlyBetween(0f, 1f);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 4096", "2, 0", "2, 4096"})
    void theTermsOfAnExplanationAddUpToTheLogits(int heads, int buckets) {
        ModelArtefact model = RandomModels.withHeads(heads, RandomModels.words(200), 30, 20, buckets, 7);
        KernelScorer kernel = KernelScorer.of(model);
        Random random = new Random(8);
        for (int length : new int[] {0, 1, 2, 7, 64, 80}) {
            String text = random.ints(length, 0, 220)
                    .mapToObj(i -> model.vocabulary().words().get(i % 198) + (i < 198 ? "" : "x"))
                    .collect(Collectors.joining(" "));
            Explanation explanation = kernel.explain(text);
            Score score = kernel.score(text);
            assertThat(explanation.score()).isEqualTo(score);
            double polarity = explanation.polarityBias()
                    + explanation.terms().stream()
                            .mapToDouble(Explanation.Term::polarity)
                            .sum();
            assertThat(polarity).as(text).isCloseTo(logit(score.polarity()), within(1e-4));
            double opinion = explanation.opinionBias()
                    + explanation.terms().stream()
                            .mapToDouble(Explanation.Term::opinion)
                            .sum();
            if (heads == 1) assertThat(opinion).as(text).isEqualTo(Double.POSITIVE_INFINITY);
            else assertThat(opinion).as(text).isCloseTo(logit(score.opinion()), within(1e-4));
            assertThat(explanation.terms())
                    .extracting(Explanation.Term::token)
                    .isEqualTo(model.pipeline().tokens(text).stream()
                            .limit(model.maximumLength())
                            .toList());
        }
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
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
        float expected = (float) (1 / (1 + Math.exp(-model.weights().polarity().bias())));
        for (String text : List.of("", "   ", "RT @bob: ", "\uD83D", "...")) {
            assertThat(KernelScorer.of(model).score(text).polarity()).as(text).isEqualTo(expected);
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
