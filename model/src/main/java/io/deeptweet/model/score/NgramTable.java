// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.Tokens;
import io.deeptweet.model.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The weights of {@link Ngrams}, compiled for a vocabulary: of each word that it holds, the sum over the n-grams of
 * bytes that lie within the word and the spaces on both sides of it. What is left of a text are the n-grams that touch
 * two words, less than half of all, and those of words that the vocabulary does not hold.
 *
 * <p>The weights are larger than the caches. So a text's buckets are all found first: in a loop that does nothing else,
 * the weights come many at a time.
 */
final class NgramTable {
    /** How many bytes of a word an n-gram may hold that goes on behind the space after it. */
    private static final int BEFORE = Ngrams.LONGEST - 2;
    /** How many n-grams go on behind the space after a word, by how many bytes there are before it. */
    private static final int[] BEHIND = {0, 4, 7, 9, 10};

    private final float[] weights;
    private final double[] within; // (rows)
    private final int[] hashes; // (rows, BEFORE): of a word's last byte and a space, of its last two and a space, ...

    /** @param weights one per bucket; a power of two of them, or none for no n-grams at all */
    NgramTable(float[] weights, Vocabulary vocabulary) {
        this.weights = weights;
        int rows = weights.length == 0 ? 0 : vocabulary.size();
        within = new double[rows];
        hashes = new int[rows * BEFORE];
        if (rows == 0) return;
        List<String> words = vocabulary.words();
        for (int row = rows - words.size(); row < rows; row++) {
            byte[] word = (" " + words.get(row - (rows - words.size())) + " ").getBytes(StandardCharsets.UTF_8);
            int[] buckets = new int[most(word.length)];
            int all = 0;
            for (int start = 0; start < word.length; start++) all = addFrom(word, start, word.length, buckets, all);
            within[row] = sum(buckets, 0, all);
            for (int before = 1; before <= BEFORE && before < word.length; before++) {
                int hash = Tokens.BASIS;
                for (int i = word.length - 1 - before; i < word.length; i++) hash = Tokens.hash(hash, word[i]);
                hashes[row * BEFORE + before - 1] = hash;
            }
        }
    }

    float[] weights() {
        return weights;
    }

    /**
     * What {@link Ngrams#logit} gives, but for rounding, in one pass over the text's bytes.
     *
     * @param rows of the tokens in the vocabulary
     */
    double logit(Tokens text, int[] rows, Scratch scratch) {
        if (weights.length == 0 || text.count() == 0) return 0;
        int[] buckets = scratch.buckets(Ngrams.WORDS * text.count() + most(text.length()));
        int words = addWords(text, buckets);
        int all = words;
        double ofBytes = 0;
        for (int token = 0; token < text.count(); token++) {
            int start = token == 0 ? 0 : text.end(token - 1); // the space before it
            int end = text.end(token);
            if (token > 0 && rows[token] != Vocabulary.UNKNOWN && end + BEFORE < text.length()) {
                ofBytes += within[rows[token]];
                all = addBehind(text.utf8(), end, rows[token], end - start, buckets, all);
            } else {
                for (; start < end; start++) all = addFrom(text.utf8(), start, text.length(), buckets, all);
            }
        }
        ofBytes += sum(buckets, words, all);
        return sum(buckets, 0, words) * Ngrams.scale(Ngrams.ofWords(text.count()))
                + ofBytes * Ngrams.scale(Ngrams.ofBytes(text.length()));
    }

    private static int most(int bytes) {
        return (Ngrams.LONGEST - Ngrams.SHORTEST + 1) * bytes;
    }

    /** Adds the buckets of the n-grams of words. */
    private int addWords(Tokens text, int[] buckets) {
        byte[] bytes = text.utf8();
        int at = 0;
        int two = 0; // the hash of the last word, and of the two last
        int three = 0;
        for (int token = 0; token < text.count(); token++) {
            int one = text.hash(token);
            buckets[at++] = bucket(~one);
            if (token > 0) {
                for (int i = text.end(token - 1); i < text.end(token); i++) { // with the space between them
                    two = Tokens.hash(two, bytes[i]);
                    three = Tokens.hash(three, bytes[i]);
                }
                buckets[at++] = bucket(~two);
                if (token > 1) buckets[at++] = bucket(~three);
            }
            three = two;
            two = one;
        }
        return at;
    }

    /** Adds the buckets of the n-grams of bytes that begin at {@code start}. */
    private int addFrom(byte[] bytes, int start, int length, int[] buckets, int at) {
        int hash = Tokens.hash(Tokens.BASIS, bytes[start]);
        for (int i = start + 1; i < length && i < start + Ngrams.LONGEST; i++) {
            hash = Tokens.hash(hash, bytes[i]);
            buckets[at++] = bucket(hash);
        }
        return at;
    }

    /**
     * Adds the buckets of the n-grams of bytes that begin in a word of the vocabulary, or at the space before it, and
     * go on behind the space after it. All that there may be are found, and those that begin further ahead are
     * overwritten by what comes next: without branches.
     *
     * @param end of the word
     * @param before how many bytes there are from the space before it
     */
    private int addBehind(byte[] bytes, int end, int row, int before, int[] buckets, int at) {
        int hash = row * BEFORE;
        addRun(bytes, end, 4, hashes[hash], buckets, at);
        addRun(bytes, end, 3, hashes[hash + 1], buckets, at + BEHIND[1]);
        addRun(bytes, end, 2, hashes[hash + 2], buckets, at + BEHIND[2]);
        addRun(bytes, end, 1, hashes[hash + 3], buckets, at + BEHIND[3]);
        return at + BEHIND[Math.min(before, BEFORE)];
    }

    private void addRun(byte[] bytes, int end, int behind, int hash, int[] buckets, int at) {
        for (int i = 0; i < behind; i++) {
            hash = Tokens.hash(hash, bytes[end + 1 + i]);
            buckets[at + i] = bucket(hash);
        }
    }

    private int bucket(int hash) {
        return Ngrams.bucket(hash, weights.length);
    }

    private double sum(int[] buckets, int from, int to) {
        double a = 0; // four sums, so that none waits for the one before
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
}
