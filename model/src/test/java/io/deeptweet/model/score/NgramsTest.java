// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.TokenBuffer;
import io.deeptweet.model.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NgramsTest {
    private static final int SIZE = 1 << 16;

    @ParameterizedTest
    @ValueSource(strings = {"a", "i do n't know", "😀 café", "one", "a b c d e f g", "日本 语 ! !"})
    void everyWordNgramAndByteNgramIsCountedOnce(String text) {
        List<String> tokens = List.of(text.split(" "));
        List<Integer> words = new ArrayList<>();
        for (int n = 1; n <= 3; n++)
            for (int i = 0; i + n <= tokens.size(); i++)
                words.add(bucket(String.join(" ", tokens.subList(i, i + n)).getBytes(StandardCharsets.UTF_8), true));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Integer> spelling = new ArrayList<>();
        for (int n = 2; n <= 6; n++)
            for (int i = 0; i + n <= bytes.length; i++)
                spelling.add(bucket(Arrays.copyOfRange(bytes, i, i + n), false));

        Ngrams ngrams = Ngrams.of(tokens, SIZE, false);
        List<Integer> all = Arrays.stream(ngrams.buckets()).boxed().toList();
        assertThat(all.subList(0, ngrams.words())).containsExactlyInAnyOrderElementsOf(words);
        assertThat(all.subList(ngrams.words(), all.size())).containsExactlyInAnyOrderElementsOf(spelling);
    }

    /** The definition of a bucket. */
    private static int bucket(byte[] ngram, boolean words) {
        return bucket(ngram, words ? 0xFFFFFFFFL : 0);
    }

    private static int bucket(byte[] ngram, long mask) {
        long hash = 0x811C9DC5L;
        for (byte b : ngram) hash = ((hash ^ (b & 0xFF)) * 0x01000193L) & 0xFFFFFFFFL;
        hash ^= mask;
        hash = ((hash ^ (hash >> 16)) * 0x7FEB352DL) & 0xFFFFFFFFL;
        return (int) ((hash ^ (hash >> 15)) % SIZE);
    }

    /** The first word and the first byte of each n-gram tell its mark; a space belongs to the word after it. */
    @Test
    void ngramsThatStartInTheScopeOfANegationHaveOtherBuckets() {
        List<String> tokens = List.of("is", "not", "bad", "!");
        Ngrams plain = Ngrams.of(tokens, SIZE, false);
        Ngrams marked = Ngrams.of(tokens, SIZE, true);
        byte[] text = String.join(" ", tokens).getBytes(StandardCharsets.UTF_8);
        List<Integer> changed = new ArrayList<>(); // "bad", "bad !", and each n-gram that starts in " bad"
        for (List<String> words : List.of(List.of("bad"), List.of("bad", "!")))
            changed.add(bucket(String.join(" ", words).getBytes(StandardCharsets.UTF_8), 0x9E3779B9L ^ 0xFFFFFFFFL));
        for (int n = 2; n <= 6; n++)
            for (int i = 6; i < 10 && i + n <= text.length; i++)
                changed.add(bucket(Arrays.copyOfRange(text, i, i + n), 0x9E3779B9L));
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < marked.buckets().length; i++)
            if (marked.buckets()[i] != plain.buckets()[i]) found.add(marked.buckets()[i]);
        assertThat(found).containsExactlyInAnyOrderElementsOf(changed);
        assertThat(marked.words()).isEqualTo(plain.words());
    }

    @Test
    void theTermsAddUpToTheLogit() {
        float[] weights = new float[SIZE];
        Random random = new Random(1);
        for (int i = 0; i < SIZE; i++) weights[i] = (float) random.nextGaussian();
        for (String text : List.of("good", "this is n't good at all", "é", "x yy zzz 😀")) {
            List<String> tokens = List.of(text.split(" "));
            Ngrams ngrams = Ngrams.of(tokens, SIZE, true);
            double[] terms = new double[tokens.size()];
            ngrams.addTerms(terms, weights, 1, 0);
            assertThat(Arrays.stream(terms).sum()).as(text).isCloseTo(ngrams.logit(weights), within(1e-9));
        }
    }

    /** With none, some and most of the words in the vocabulary. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theTableGivesTheSameLogits(int heads) {
        List<float[]> weights = randomWeights(new Random(3), heads);
        List<String> texts = List.of(
                "",
                "a",
                "ab",
                "good",
                "this is n't good at all",
                "é x 日本 😀 !",
                "a b c d e f g h",
                "w ".repeat(200),
                "good a b",
                "not goo x good y",
                "not a b c d e f g",
                "never",
                "good not",
                "I can't, but good; isn't this at all :( good",
                "a not b no d good n't");
        for (List<String> words : List.of(
                List.<String>of(),
                List.of("a", "good", "n't", "日本", "w", "d", "ab", "at"),
                List.of("b", "this", "😀", "c", "e", "x", "is"))) {
            Vocabulary vocabulary = Vocabulary.of(words);
            NgramTable table = new NgramTable(weights, false, vocabulary);
            NgramTable marked = new NgramTable(weights, true, vocabulary);
            for (String text : texts) {
                assertSameLogits(table, weights, false, text, vocabulary);
                assertSameLogits(marked, weights, true, text, vocabulary);
            }
        }
    }

    /** Texts of random words, most of them known. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theTableGivesTheSameLogitsOfRandomTexts(int heads) {
        Random random = new Random(5);
        List<float[]> weights = randomWeights(random, heads);
        List<String> words = random.ints(400, 1, 9)
                .mapToObj(length -> random.ints(length, 'a', 'f')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()))
                .distinct()
                .toList();
        List<String> others =
                List.of("not", "don't", "never", "neither", "but", "!", ":(", "😀", "<3", "@you", "because");
        Vocabulary vocabulary = Vocabulary.of(Stream.concat(
                        words.subList(0, words.size() * 3 / 4).stream(), Stream.of("not", "n't", "do", "but", "😀"))
                .toList());
        NgramTable table = new NgramTable(weights, false, vocabulary);
        NgramTable marked = new NgramTable(weights, true, vocabulary);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(1 + random.nextInt(20), 0, words.size())
                    .mapToObj(word -> word % 5 == 0 ? others.get(word % others.size()) : words.get(word))
                    .collect(Collectors.joining(" "));
            assertSameLogits(table, weights, false, text, vocabulary);
            assertSameLogits(marked, weights, true, text, vocabulary);
        }
    }

    @Test
    void aTableWithoutBucketsAddsNothing() {
        NgramTable table = new NgramTable(List.of(new float[0], new float[0]), true, Vocabulary.of(List.of("a")));
        assertThat(logits(table, 2, "a b", Vocabulary.of(List.of("a")))).containsExactly(0, 0);
    }

    private static List<float[]> randomWeights(Random random, int heads) {
        List<float[]> weights = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            float[] values = new float[SIZE];
            for (int i = 0; i < SIZE; i++) values[i] = (float) random.nextGaussian();
            weights.add(values);
        }
        return weights;
    }

    private static void assertSameLogits(
            NgramTable table, List<float[]> weights, boolean negation, String text, Vocabulary vocabulary) {
        double[] logits = logits(table, weights.size(), text, vocabulary);
        Ngrams ngrams = Ngrams.of(
                TextPipeline.deepTweet().tokens(text).stream().limit(64).toList(), SIZE, negation);
        for (int head = 0; head < logits.length; head++)
            assertThat(logits[head])
                    .as("%s, head %d", text, head)
                    .isCloseTo(ngrams.logit(weights.get(head)), within(1e-12));
    }

    private static double[] logits(NgramTable table, int heads, String text, Vocabulary vocabulary) {
        TokenBuffer tokens = new TokenBuffer();
        TextPipeline.deepTweet().read(text, 64, tokens);
        List<String> read =
                IntStream.range(0, tokens.count()).mapToObj(tokens::text).toList();
        double[] logits = new double[heads];
        table.addLogits(tokens, vocabulary.rows(read, 64), logits, 0, Scratch.ofThread());
        return logits;
    }

    /** A token that is appended changes only the scale of the terms before it. */
    @Test
    void anNgramBelongsToTheTokenAtWhichItEnds() {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        double[] terms = new double[2];
        Ngrams ngrams = Ngrams.of(List.of("a", "b"), SIZE, false); // words: a, b, a b; bytes: "a ", " b", "a b"
        ngrams.addTerms(terms, ones, 1, 0);
        assertThat(terms[0]).isCloseTo(1 / Math.sqrt(3) + 1 / Math.sqrt(3), within(1e-9));
        assertThat(terms[1]).isCloseTo(2 / Math.sqrt(3) + 2 / Math.sqrt(3), within(1e-9));
    }

    @Test
    void withoutBucketsOrTokensThereAreNoNgrams() {
        assertThat(Ngrams.of(List.of("a"), 0, true).buckets()).isEmpty();
        assertThat(Ngrams.of(List.of(), SIZE, true).buckets()).isEmpty();
        assertThat(Ngrams.of(List.of(), SIZE, true).logit(new float[SIZE])).isZero();
    }

    @Test
    void theBucketsAreUsedEvenly() {
        List<String> tokens = IntStream.range(0, 20_000).mapToObj(i -> "w" + i).toList();
        Ngrams ngrams = Ngrams.of(tokens, 1 << 12, false);
        int[] counts = new int[1 << 12];
        for (int i = 0; i < ngrams.words(); i++) counts[ngrams.buckets()[i]]++;
        double mean = ngrams.words() / 4096.0;
        double variance = Arrays.stream(counts)
                .mapToDouble(count -> (count - mean) * (count - mean))
                .average()
                .orElseThrow();
        assertThat(variance / mean).isBetween(0.8, 1.3); // Poisson's is 1
    }
}
