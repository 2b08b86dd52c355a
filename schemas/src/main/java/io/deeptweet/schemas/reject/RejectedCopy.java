// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * An invalid record as it is written to {@code tweets.rejected}: what was received, cut so that it stays below Kafka's
 * default limit of 1 MiB however large it came in. Every service that rejects records makes them here.
 *
 * <p>A key or value that was cut is described by headers with its length and SHA-256 digest as received. Received
 * headers are kept in their order while they fit; the number of those left out is a header too.
 *
 * @param key the received key or its beginning; empty if there was none
 * @param value the received value or its beginning; empty if there was none
 * @param headers the received headers and those of the {@link Rejection}
 */
public record RejectedCopy(Optional<byte[]> key, Optional<byte[]> value, Headers headers) {
    /** Most bytes of a value that are kept. */
    public static final int LARGEST_VALUE = 900_000;

    /** Most bytes of a key that are kept. */
    public static final int LARGEST_KEY = 16 * 1024;

    /** Most bytes of received headers that are kept, counted as {@link #size}. */
    public static final int LARGEST_HEADERS = 64 * 1024;

    /** Header with the length in bytes of a value that was cut. */
    public static final String VALUE_LENGTH = "deeptweet.rejected.value.length";

    /** Header with the SHA-256 digest, in hex, of a value that was cut. */
    public static final String VALUE_SHA256 = "deeptweet.rejected.value.sha256";

    /** Header with the length in bytes of a key that was cut. */
    public static final String KEY_LENGTH = "deeptweet.rejected.key.length";

    /** Header with the SHA-256 digest, in hex, of a key that was cut. */
    public static final String KEY_SHA256 = "deeptweet.rejected.key.sha256";

    /** Header with the number of received headers that were left out. */
    public static final String HEADERS_DROPPED = "deeptweet.rejected.headers.dropped";

    /** Start of the names of our headers. Received ones of such names are replaced: only the last rejection counts. */
    private static final String OURS = "deeptweet.rejected.";

    /**
     * The copy of a received record.
     *
     * @param key null if the record has none, as in Kafka's records
     * @param value null if the record has none
     * @param received is not changed
     */
    public static RejectedCopy of(byte[] key, byte[] value, Headers received, Rejection rejection) {
        Headers headers = kept(received);
        rejection.writeTo(headers);
        return new RejectedCopy(
                cut(key, LARGEST_KEY, headers, KEY_LENGTH, KEY_SHA256),
                cut(value, LARGEST_VALUE, headers, VALUE_LENGTH, VALUE_SHA256),
                headers);
    }

    private static Headers kept(Headers received) {
        Headers headers = new RecordHeaders();
        int room = LARGEST_HEADERS;
        int dropped = 0;
        for (Header header : received) {
            if (header.key().startsWith(OURS)) continue;
            long size = size(header);
            if (size > room) {
                dropped++;
                continue;
            }
            room -= (int) size;
            headers.add(header);
        }
        if (dropped > 0) put(headers, HEADERS_DROPPED, String.valueOf(dropped));
        return headers;
    }

    /**
     * Most bytes that a header takes in a record: name, value, and the lengths before both. An empty header takes bytes
     * too. In UTF-8 a name has at most three bytes for each UTF-16 unit.
     */
    public static long size(Header header) {
        return 8 + 3L * header.key().length() + (header.value() == null ? 0 : header.value().length);
    }

    private static Optional<byte[]> cut(byte[] bytes, int most, Headers headers, String length, String digest) {
        if (bytes == null) return Optional.empty();
        if (bytes.length <= most) return Optional.of(bytes);
        put(headers, length, String.valueOf(bytes.length));
        put(headers, digest, sha256(bytes));
        return Optional.of(Arrays.copyOf(bytes, most));
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
