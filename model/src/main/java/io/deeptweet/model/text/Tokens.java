// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first tokens of a text, as {@link TextPipeline#read} leaves them: in UTF-8, with a space between them. It is made
 * to be used for one text after the other, so that reading costs no new memory; one thread at a time.
 */
public final class Tokens {
    /** The state of {@link #hash} before the first byte. */
    public static final int BASIS = 0x811C9DC5;

    private static final int PRIME = 0x01000193;
    private static final int LARGE = 1 << 16;

    private byte[] utf8 = new byte[512];
    private int[] ends = new int[64];
    private int[] hashes = new int[64];
    private int count;
    private int start; // of the token at hand
    private int end; // of what is written of it
    private int plainHash; // of what writePlain has written
    /** The text as {@link #tokenizer} folds it. */
    char[] folded = new char[512];

    final FusedTokenizer tokenizer = new FusedTokenizer(this);

    /** Takes a byte into an FNV-1a hash of 32 bits. */
    public static int hash(int hash, byte next) {
        return (hash ^ (next & 0xFF)) * PRIME;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /**
     * The bytes of all tokens with a space between them, from 0 to {@link #length()}; not to be changed, and others
     * after the next text.
     */
    public byte[] utf8() {
        return utf8;
    }

    /** How many of the bytes are the tokens'. */
    public int length() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** Where the bytes of a token begin. */
    public int start(int token) {
        return token == 0 ? 0 : ends[token - 1] + 1;
    }

    /** Where the bytes of a token end. */
    public int end(int token) {
        return ends[token];
    }

    /** The FNV-1a hash of a token's bytes. */
    public int hash(int token) {
        return hashes[token];
    }

    /** A token as text. */
    public String text(int token) {
        return new String(utf8, start(token), end(token) - start(token), StandardCharsets.UTF_8);
    }

    /** Forgets all, and the memory that an uncommonly long text wanted. */
    void clear() {
        count = start = end = 0;
        if (utf8.length > LARGE) utf8 = new byte[LARGE];
        if (folded.length > LARGE) folded = new char[LARGE];
    }

    /** Adds a token. */
    void add(byte[] token) {
        write(token);
        close();
    }

    /** Writes a part of the token at hand. */
    void write(byte[] part) {
        reserve(part.length);
        System.arraycopy(part, 0, utf8, end, part.length);
        end += part.length;
    }

    /** Writes a character of the token at hand. */
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
                utf8[end++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            }
            utf8[end++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        }
        utf8[end++] = (byte) (0x80 | codePoint & 0x3F);
    }

    /**
     * Begins a token with the letters and digits of ASCII from {@code from} on, of which at most two of a kind in a row
     * are taken. The token is whole with {@link #closePlain}, or none with {@link #takeBackPlain}.
     *
     * @param characters in lower case, with another character behind
     * @return where another character stands
     */
    int writePlain(char[] characters, int from) {
        reserve(characters.length - from);
        byte[] utf8 = this.utf8;
        int to = end;
        int hash = BASIS;
        char last = 0;
        char beforeLast = 0;
        int at = from;
        for (char c; FusedTokenizer.isLetterOrDigit(c = characters[at]); at++) {
            if (c != last || c != beforeLast) {
                utf8[to++] = (byte) c;
                hash = hash(hash, (byte) c);
            }
            beforeLast = last;
            last = c;
        }
        end = to;
        plainHash = hash;
        return at;
    }

    /** What {@link #writePlain} has begun is whole. */
    void closePlain() {
        close(plainHash);
    }

    /** Nothing has been begun. */
    void takeBackPlain() {
        end = start;
    }

    /** The token at hand is whole. */
    void close() {
        int hash = BASIS;
        for (int i = start; i < end; i++) hash = hash(hash, utf8[i]);
        close(hash);
    }

    private void close(int hash) {
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

    /** The last token was none, or another one. */
    void takeBack() {
        count--;
        start = end = start(count);
    }

    private void reserve(int more) {
        if (utf8.length - end < more) utf8 = Arrays.copyOf(utf8, Math.max(2 * utf8.length, end + more));
    }
}
