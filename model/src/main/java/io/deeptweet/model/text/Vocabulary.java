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
 * Maps the words that a model knows to the rows of its embedding. Row {@value #PADDING} is padding, row
 * {@value #UNKNOWN} is for all unknown words, and the words start at row 2.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Vocabulary {
    /** The row that fills up short texts in a batch; no token has it. */
    public static final int PADDING = 0;
    /** The row of all words that are not in the vocabulary. */
    public static final int UNKNOWN = 1;
    /** The number of rows in the paper: padding, unknown and 19,999 words. */
    public static final int DEFAULT_SIZE = 20_001;

    private static final int FIRST_WORD = 2;

    private final List<String> words;
    private final Map<String, Integer> rows;
    private final byte[] utf8; // all words without separators
    private final int[] starts; // (rows + 1) where the bytes of each row start in utf8, and their end
    /** A hash table with open addressing of each word's row; 0 is free. At most half full, so look-ups are short. */
    private final int[] hashTable;

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        this.rows = new HashMap<>(words.size() * 2);
        this.starts = new int[size() + 1];
        this.hashTable = new int[Integer.highestOneBit(words.size() + 1) * 4];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.isEmpty() || word.indexOf('\n') >= 0)
                throw new IllegalArgumentException(
                        "word " + i + " of the vocabulary is empty or contains a line break");
            int row = FIRST_WORD + i;
            if (rows.put(word, row) != null)
                throw new IllegalArgumentException("the vocabulary contains the word " + word + " twice");
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            int hash = TokenBuffer.HASH_BASIS;
            for (byte b : bytes) hash = TokenBuffer.hash(hash, b);
            hashTable[free(hash)] = row;
            all.writeBytes(bytes);
            starts[row + 1] = all.size();
        }
        this.utf8 = all.toByteArray();
    }

    private int free(int hash) {
        int at = hash & hashTable.length - 1;
        while (hashTable[at] != 0) at = at + 1 & hashTable.length - 1;
        return at;
    }

    /**
     * Makes a vocabulary of words, the first in row 2.
     *
     * @throws IllegalArgumentException if a word is empty, contains a line break or occurs twice
     */
    public static Vocabulary of(List<String> words) {
        return new Vocabulary(words);
    }

    /**
     * Makes a vocabulary of the most frequent tokens, the most frequent first. Equally frequent tokens are in
     * alphabetical order, so the result does not depend on the order of the texts.
     *
     * @param texts the tokens of each text
     * @param size maximum number of rows, padding and unknown included; at least 2
     * @throws IllegalArgumentException if {@code size} is less than 2
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
     * Reads the bytes that {@link #toBytes} returns.
     *
     * @throws IllegalArgumentException if a word is empty or occurs twice
     */
    public static Vocabulary fromBytes(byte[] utf8) {
        return of(utf8.length == 0 ? List.of() : List.of(new String(utf8, StandardCharsets.UTF_8).split("\n", -1)));
    }

    /** The words from row 2 on, in UTF-8, separated by line feeds. */
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

    /** The row of a token in a buffer, in [1, size). */
    public int row(TokenBuffer tokens, int token) {
        for (int at = tokens.hash(token) & hashTable.length - 1; hashTable[at] != 0; at = at + 1 & hashTable.length - 1)
            if (isWord(hashTable[at], tokens.utf8(), tokens.start(token), tokens.end(token))) return hashTable[at];
        return UNKNOWN;
    }

    /** For so few bytes, a loop is faster than {@code Arrays.equals}. */
    private boolean isWord(int row, byte[] token, int start, int end) {
        int from = starts[row];
        if (starts[row + 1] - from != end - start) return false;
        for (int i = start; i < end; i++) if (utf8[from + i - start] != token[i]) return false;
        return true;
    }

    /** The rows of the first tokens, at most {@code limit} of them. */
    public int[] rows(List<String> tokens, int limit) {
        return tokens.stream().limit(limit).mapToInt(this::row).toArray();
    }
}
