// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tokens of one text, as {@link TextPipeline#read} writes them: in UTF-8, separated by spaces. Reuse one buffer for
 * many texts, so that reading allocates no memory. Not safe for use by several threads at once.
 */
public final class TokenBuffer {
    /** The FNV-1a hash of no bytes, where {@link #hash(int, byte)} starts. */
    public static final int HASH_BASIS = 0x811C9DC5;

    private static final int HASH_PRIME = 0x01000193;
    /** Capacity, in bytes or characters, that a buffer keeps from one text to the next. */
    static final int KEPT_CAPACITY = 1 << 16;

    private byte[] utf8 = new byte[512];
    private int[] ends = new int[64];
    private int[] hashes = new int[64];
    private int count;
    private int start; // of the open token
    private int end; // of what is written of the open token
    private int asciiHash; // of what writeAsciiWord has written

    /** Here because its memory belongs to one thread, like the buffer's. */
    private final FusedTokenizer tokenizer = new FusedTokenizer(this);

    /** Adds one byte to an FNV-1a hash of 32 bits. */
    public static int hash(int hash, byte next) {
        return (hash ^ (next & 0xFF)) * HASH_PRIME;
    }

    /** The number of tokens. */
    public int count() {
        return count;
    }

    /**
     * The bytes of all tokens, separated by spaces, from 0 to {@link #length()}. The array is shared: do not change it,
     * and do not use it after the next text.
     */
    public byte[] utf8() {
        return utf8;
    }

    /** The number of bytes in {@link #utf8} that are in use. */
    public int length() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** The index in {@link #utf8} of a token's first byte. */
    public int start(int token) {
        return token == 0 ? 0 : ends[token - 1] + 1;
    }

    /** The index in {@link #utf8} after a token's last byte. */
    public int end(int token) {
        return ends[token];
    }

    /** The FNV-1a hash of a token's bytes. */
    public int hash(int token) {
        return hashes[token];
    }

    /** A token as a string. */
    public String text(int token) {
        return new String(utf8, start(token), end(token) - start(token), StandardCharsets.UTF_8);
    }

    FusedTokenizer tokenizer() {
        return tokenizer;
    }

    /** Removes all tokens, and frees the memory that an unusually long text needed. */
    void clear() {
        count = start = end = 0;
        if (utf8.length > KEPT_CAPACITY) utf8 = new byte[KEPT_CAPACITY];
        tokenizer.freeMemory();
    }

    /** Adds a token. */
    void add(byte[] token) {
        reserve(token.length);
        System.arraycopy(token, 0, utf8, end, token.length);
        end += token.length;
        endToken();
    }

    /** Appends a character to the open token. */
    void write(int codePoint) {
        reserve(4);
        if (codePoint < 0x80) {
            utf8[end++] = (byte) codePoint;
            return;
        }
        if (codePoint < 0x800) {
            utf8[end++] = (byte) (0xC0 | codePoint >> 6);
        } else {
            if (codePoint < 0x10000) {
                utf8[end++] = (byte) (0xE0 | codePoint >> 12);
            } else {
                utf8[end++] = (byte) (0xF0 | codePoint >> 18);
                utf8[end++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
            }
            utf8[end++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
        }
        utf8[end++] = (byte) (0x80 | (codePoint & 0x3F));
    }

    /**
     * Appends the run of ASCII letters and digits that starts at an index to the open token, without more than two of
     * the same in a row. Call {@link #endAsciiWord} or {@link #discardOpenToken} next.
     *
     * @param characters lower case, with a character after the run that is neither a letter nor a digit of ASCII
     * @return the index after the run
     */
    int writeAsciiWord(char[] characters, int from) {
        reserve(characters.length - from);
        byte[] utf8 = this.utf8;
        int to = end;
        int hash = HASH_BASIS;
        char last = 0;
        char beforeLast = 0;
        int at = from;
        for (char c = characters[at]; FoldedText.isLetterOrDigit(c); c = characters[++at]) {
            if (c != last || c != beforeLast) {
                utf8[to++] = (byte) c;
                hash = hash(hash, (byte) c);
            }
            beforeLast = last;
            last = c;
        }
        end = to;
        asciiHash = hash;
        return at;
    }

    /** Ends the token that {@link #writeAsciiWord} has written, whose hash is known already. */
    void endAsciiWord() {
        endToken(asciiHash);
    }

    /** Removes what is written of the open token. */
    void discardOpenToken() {
        end = start;
    }

    /** Ends the open token. */
    void endToken() {
        int hash = HASH_BASIS;
        for (int i = start; i < end; i++) hash = hash(hash, utf8[i]);
        endToken(hash);
    }

    private void endToken(int hash) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count] = hash;
        ends[count++] = end;
        reserve(1);
        utf8[end++] = ' ';
        start = end;
    }

    /** Removes the last token. */
    void removeLast() {
        count--;
        start = end = start(count);
    }

    private void reserve(int more) {
        if (utf8.length - end < more) utf8 = Arrays.copyOf(utf8, Math.max(2 * utf8.length, end + more));
    }
}
