// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.Negation;
import io.deeptweet.model.text.TokenBuffer;
import io.deeptweet.model.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weights of {@link Ngrams}, compiled for a vocabulary. For each word of the vocabulary it stores the sum of the
 * byte n-grams within the word and the spaces on both sides. So a text needs only the byte n-grams that touch two
 * words, less than half of all, and those of unknown words. If negation is marked, it stores the sums of marked n-grams
 * too.
 *
 * <p>The weights are larger than the caches. So all buckets of a text are computed first, and then a loop that does
 * nothing else loads the weights, many at the same time. With two heads, both weights of a bucket lie beside each
 * other, so the second one costs no cache miss.
 */
final class NgramTable {
    /** Maximum bytes of a word in an n-gram that crosses the space after the word: the space and one byte follow. */
    private static final int CROSSING_BYTES = Ngrams.LONGEST - 2;
    /** Number of n-grams that cross the space after a word, by the number of bytes before that space. */
    private static final int[] CROSSING_NGRAMS = {0, 4, 7, 9, 10};

    private final int heads;
    private final int size; // number of buckets
    private final float[] weights; // (buckets, heads)
    private final boolean negation; // whether n-grams in the scope of a negation are marked
    private final int rows; // of the vocabulary
    private final double[] within; // (rows, heads) sum of the weights of the n-grams within a word; then of marked ones
    /** (rows, CROSSING_BYTES) hashes of the last byte of a word and a space, the last two bytes and a space, ... */
    private final int[] hashes;

    /**
     * Compiles the weights for a vocabulary.
     *
     * @param ofHeads (buckets) for each of one or two heads; empty for no n-grams
     * @param negation whether n-grams in the scope of a negation are marked
     */
    NgramTable(List<float[]> ofHeads, boolean negation, Vocabulary vocabulary) {
        this.negation = negation;
        heads = ofHeads.size();
        size = ofHeads.get(0).length;
        weights = heads == 1 ? ofHeads.get(0) : interleaved(ofHeads.get(0), ofHeads.get(1));
        rows = size == 0 ? 0 : vocabulary.size();
        within = new double[(negation ? 2 : 1) * rows * heads];
        hashes = new int[rows * CROSSING_BYTES];
        if (rows == 0) return;
        List<String> words = vocabulary.words();
        for (int row = rows - words.size(); row < rows; row++) {
            byte[] word = (" " + words.get(row - (rows - words.size())) + " ").getBytes(StandardCharsets.UTF_8);
            addWithin(word, row, 0);
            if (negation) addWithin(word, row, Ngrams.NEGATION_MARK);
            for (int before = 1; before <= CROSSING_BYTES && before < word.length; before++) {
                int hash = TokenBuffer.HASH_BASIS;
                for (int i = word.length - 1 - before; i < word.length; i++) hash = TokenBuffer.hash(hash, word[i]);
                hashes[row * CROSSING_BYTES + before - 1] = hash;
            }
        }
    }

    /** Sums the n-grams within a word of the vocabulary, given with the spaces on both sides. */
    private void addWithin(byte[] word, int row, int mark) {
        int[] buckets = new int[maximum(word.length)];
        int all = 0;
        for (int start = 0; start < word.length; start++) all = addFrom(word, start, word.length, mark, buckets, all);
        double[] sums = new double[2];
        addSums(buckets, 0, all, sums);
        System.arraycopy(sums, 0, within, within(row, mark), heads);
    }

    private int within(int row, int mark) {
        return (mark == 0 ? row : rows + row) * heads;
    }

    private static float[] interleaved(float[] first, float[] second) {
        float[] both = new float[2 * first.length];
        for (int i = 0; i < first.length; i++) {
            both[2 * i] = first[i];
            both[2 * i + 1] = second[i];
        }
        return both;
    }

    /**
     * Adds the terms of all n-grams of a text to those of the tokens at which they end.
     *
     * @param terms (heads, tokens)
     */
    void addTerms(TokenBuffer text, double[][] terms) {
        Ngrams ngrams =
                Ngrams.of(IntStream.range(0, text.count()).mapToObj(text::text).toList(), size, negation);
        for (int head = 0; head < heads; head++) ngrams.addTerms(terms[head], weights, heads, head);
    }

    /**
     * Adds the logits that {@link Ngrams#logit} defines, except for rounding, in one pass over the bytes of a text.
     *
     * @param rows of the tokens in the vocabulary
     * @param logits (heads) at {@code to}
     */
    void addLogits(TokenBuffer text, int[] rows, double[] logits, int to, Scratch scratch) {
        if (size == 0 || text.count() == 0) return;
        int[] buckets = scratch.buckets(Ngrams.WORDS * text.count() + maximum(text.length()));
        int[] marks = scratch.marks(text.count());
        if (negation) Negation.mark(text, Ngrams.NEGATION_MARK, marks);
        else Arrays.fill(marks, 0, text.count(), 0);
        int words = addWords(text, marks, buckets);
        int all = words;
        double[] ofBytes = scratch.sums;
        Arrays.fill(ofBytes, 0);
        for (int token = 0; token < text.count(); token++) {
            int start = token == 0 ? 0 : text.end(token - 1); // the space before it
            int end = text.end(token);
            if (token > 0 && rows[token] != Vocabulary.UNKNOWN && end + CROSSING_BYTES < text.length()) {
                int from = within(rows[token], marks[token]);
                for (int head = 0; head < heads; head++) ofBytes[head] += within[from + head];
                all = addCrossing(text.utf8(), end, rows[token], end - start, marks[token], buckets, all);
            } else {
                for (; start < end; start++)
                    all = addFrom(text.utf8(), start, text.length(), marks[token], buckets, all);
            }
        }
        addSums(buckets, words, all, ofBytes);
        addScaled(ofBytes, Ngrams.scale(Ngrams.byteNgrams(text.length())), logits, to);
        double[] ofWords = scratch.sums;
        Arrays.fill(ofWords, 0);
        addSums(buckets, 0, words, ofWords);
        addScaled(ofWords, Ngrams.scale(Ngrams.wordNgrams(text.count())), logits, to);
    }

    private void addScaled(double[] sums, double scale, double[] logits, int to) {
        for (int head = 0; head < heads; head++) logits[to + head] += sums[head] * scale;
    }

    /** Upper bound of the number of byte n-grams that start in so many bytes. */
    private static int maximum(int bytes) {
        return (Ngrams.LONGEST - Ngrams.SHORTEST + 1) * bytes;
    }

    /** Adds the buckets of the word n-grams. */
    private int addWords(TokenBuffer text, int[] marks, int[] buckets) {
        byte[] bytes = text.utf8();
        int at = 0;
        int two = 0; // hash of the token before
        int three = 0; // hash of the two tokens before
        for (int token = 0; token < text.count(); token++) {
            int one = text.hash(token);
            buckets[at++] = bucket(~one ^ marks[token]);
            if (token > 0) {
                for (int i = text.end(token - 1); i < text.end(token); i++) { // with the space before it
                    two = TokenBuffer.hash(two, bytes[i]);
                    three = TokenBuffer.hash(three, bytes[i]);
                }
                buckets[at++] = bucket(~two ^ marks[token - 1]);
                if (token > 1) buckets[at++] = bucket(~three ^ marks[token - 2]);
            }
            three = two;
            two = one;
        }
        return at;
    }

    /** Adds the buckets of the byte n-grams that start at an index. */
    private int addFrom(byte[] bytes, int start, int length, int mark, int[] buckets, int at) {
        int hash = TokenBuffer.hash(TokenBuffer.HASH_BASIS, bytes[start]);
        for (int i = start + 1; i < length && i < start + Ngrams.LONGEST; i++) {
            hash = TokenBuffer.hash(hash, bytes[i]);
            buckets[at++] = bucket(hash ^ mark);
        }
        return at;
    }

    /**
     * Adds the buckets of the byte n-grams that start in a known word, or at the space before it, and cross the space
     * after it. To avoid branches, it always adds the n-grams of a long word; the caller overwrites those that a short
     * word does not have.
     *
     * @param end index after the word
     * @param before number of bytes of the word and the space before it
     * @return the index after the last valid bucket
     */
    private int addCrossing(byte[] bytes, int end, int row, int before, int mark, int[] buckets, int at) {
        int hash = row * CROSSING_BYTES;
        addRun(bytes, end, 4, hashes[hash], mark, buckets, at);
        addRun(bytes, end, 3, hashes[hash + 1], mark, buckets, at + CROSSING_NGRAMS[1]);
        addRun(bytes, end, 2, hashes[hash + 2], mark, buckets, at + CROSSING_NGRAMS[2]);
        addRun(bytes, end, 1, hashes[hash + 3], mark, buckets, at + CROSSING_NGRAMS[3]);
        return at + CROSSING_NGRAMS[Math.min(before, CROSSING_BYTES)];
    }

    /** Adds the buckets of a hash continued by 1 to {@code count} bytes after a word and its space. */
    private void addRun(byte[] bytes, int end, int count, int hash, int mark, int[] buckets, int at) {
        for (int i = 0; i < count; i++) {
            hash = TokenBuffer.hash(hash, bytes[end + 1 + i]);
            buckets[at + i] = bucket(hash ^ mark);
        }
    }

    private int bucket(int hash) {
        return Ngrams.bucket(hash, size);
    }

    /** Adds the weights of some buckets to the sum of each head. */
    private void addSums(int[] buckets, int from, int to, double[] sums) {
        if (heads == 1) sums[0] += sum(buckets, from, to);
        else addBothSums(buckets, from, to, sums);
    }

    private double sum(int[] buckets, int from, int to) {
        double a = 0; // four sums, so that no addition waits for the one before
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i < to - 3; i += 4) {
            a += weights[buckets[i]];
            b += weights[buckets[i + 1]];
            c += weights[buckets[i + 2]];
            d += weights[buckets[i + 3]];
        }
        for (; i < to; i++) a += weights[buckets[i]];
        return a + b + c + d;
    }

    private void addBothSums(int[] buckets, int from, int to, double[] sums) {
        double a = 0;
        double b = 0;
        double secondA = 0;
        double secondB = 0;
        int i = from;
        for (; i < to - 1; i += 2) {
            int even = 2 * buckets[i];
            int odd = 2 * buckets[i + 1];
            a += weights[even];
            secondA += weights[even + 1];
            b += weights[odd];
            secondB += weights[odd + 1];
        }
        if (i < to) {
            a += weights[2 * buckets[i]];
            secondA += weights[2 * buckets[i] + 1];
        }
        sums[0] += a + b;
        sums[1] += secondA + secondB;
    }
}
