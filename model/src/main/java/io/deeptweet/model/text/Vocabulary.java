// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The words that a model knows, each by the row of its embedding. Row {@value #PADDING} is padding, row
 * {@value #UNKNOWN} stands for every other word, the words follow from row 2.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Vocabulary {
    /** The row that fills short texts up in a batch; no token has it. */
    public static final int PADDING = 0;
    /** The row of the words that are not in the vocabulary. */
    public static final int UNKNOWN = 1;
    /** The paper's number of rows: padding, unknown and 19,999 words. */
    public static final int DEFAULT_SIZE = 20_001;

    private static final int FIRST_WORD = 2;

    private final List<String> words;
    private final Map<String, Integer> rows;
    private final byte[] utf8; // of the words, one behind the other
    private final int[] starts; // of each row in it, and the end
    private final int[]
            hashed; // the row of a word at the last bits of its hash or behind, 0 where there is none; at most half
    // full

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        this.rows = new HashMap<>(words.size() * 2);
        this.starts = new int[size() + 1];
        this.hashed = new int[Integer.highestOneBit(words.size() + 1) * 4];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.isEmpty() || word.indexOf('\n') >= 0)
                throw new IllegalArgumentException("word " + i + " of the vocabulary is empty or holds a line break");
            int row = FIRST_WORD + i;
            if (rows.put(word, row) != null)
                throw new IllegalArgumentException("the vocabulary holds the word " + word + " twice");
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            int hash = Tokens.BASIS;
            for (byte b : bytes) hash = Tokens.hash(hash, b);
            hashed[free(hash)] = row;
            all.writeBytes(bytes);
            starts[row + 1] = all.size();
        }
        this.utf8 = all.toByteArray();
    }

    private int free(int hash) {
        int at = hash & hashed.length - 1;
        while (hashed[at] != 0) at = at + 1 & hashed.length - 1;
        return at;
    }

    /**
     * The vocabulary of these words, the first in row 2.
     *
     * @throws IllegalArgumentException if a word is empty, holds a line break or comes twice
     */
    public static Vocabulary of(List<String> words) {
        return new Vocabulary(words);
    }

    /**
     * The most frequent tokens of these texts, the most frequent first and equally frequent ones in the order of their
     * characters, so that the same texts in any order give the same vocabulary.
     *
     * @param size most rows to use, padding and unknown included; at least 2
     * @throws IllegalArgumentException if {@code size} is less
     */
    public static Vocabulary build(Stream<List<String>> texts, int size) {
        if (size < FIRST_WORD)
            throw new IllegalArgumentException("a vocabulary has at least " + FIRST_WORD + " rows, not " + size);
        Map<String, Integer> counts = new HashMap<>();
        texts.forEach(tokens -> tokens.forEach(token -> counts.merge(token, 1, Integer::sum)));
        Comparator<Map.Entry<String, Integer>> byFrequency = Map.Entry.comparingByValue(Comparator.reverseOrder());
        return of(counts.entrySet().stream()
                .sorted(byFrequency.thenComparing(Map.Entry.comparingByKey()))
                .limit(size - FIRST_WORD)
                .map(Map.Entry::getKey)
                .toList());
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static Vocabulary fromBytes(byte[] utf8) {
        return of(utf8.length == 0 ? List.of() : List.of(new String(utf8, StandardCharsets.UTF_8).split("\n", -1)));
    }

    /** The words from row 2 on, in UTF-8, with a line feed between them. */
    public byte[] toBytes() {
        return String.join("\n", words).getBytes(StandardCharsets.UTF_8);
    }

    /** The number of rows, padding and unknown included. */
    public int size() {
        return FIRST_WORD + words.size();
    }

    /** The words, from row 2 on. */
    public List<String> words() {
        return words;
    }

    /** The row of a token, in [1, size). */
    public int row(String token) {
        return rows.getOrDefault(token, UNKNOWN);
    }

    /** The row of one of the tokens, in [1, size). */
    public int row(Tokens tokens, int token) {
        for (int at = tokens.hash(token) & hashed.length - 1; hashed[at] != 0; at = at + 1 & hashed.length - 1)
            if (isWord(hashed[at], tokens.utf8(), tokens.start(token), tokens.end(token))) return hashed[at];
        return UNKNOWN;
    }

    /** {@code Arrays.equals}, which is slower for so few bytes. */
    private boolean isWord(int row, byte[] token, int start, int end) {
        int from = starts[row];
        if (starts[row + 1] - from != end - start) return false;
        for (int i = start; i < end; i++) if (utf8[from + i - start] != token[i]) return false;
        return true;
    }

    /** The rows of the first tokens, at most {@code maximum}. */
    public int[] rows(List<String> tokens, int maximum) {
        return tokens.stream().limit(maximum).mapToInt(this::row).toArray();
    }
}
