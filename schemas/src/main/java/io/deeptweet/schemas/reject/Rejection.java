// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Why a record stands in {@code tweets.rejected}. It travels in the record's headers, for key and value stay as they
 * came.
 *
 * @param by the service that refused the record, such as {@code ingest}
 * @param reason the kind of fault
 * @param detail the fault in a sentence
 * @param origin where the record came from, such as {@code tweets.raw-3@17} or {@code feed.jsonl:12}
 */
public record Rejection(String by, Reason reason, String detail, String origin) {
    /** The kinds of fault; few, so that they may label a metric. */
    public enum Reason {
        /** Not in the format that it should be in: broken JSON, CSV or text encoding. */
        MALFORMED,
        /** A tweet without an id. */
        NO_ID,
        /** A tweet without a text. */
        NO_TEXT,
        /** A field that holds what it cannot hold, such as a date that is none. */
        INVALID_FIELD,
        /** Larger than is accepted. */
        TOO_LARGE,
        /** Bytes on a topic that are not the Avro record that belongs there. */
        UNDECODABLE;

        /** As written in headers and metrics: {@code no-id}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Optional<Reason> ofCode(String code) {
            for (Reason reason : values()) if (reason.code().equals(code)) return Optional.of(reason);
            return Optional.empty();
        }
    }

    /** Header that holds {@link #by()}. */
    public static final String BY = "deeptweet.rejected.by";

    /** Header that holds the {@linkplain Reason#code() code} of {@link #reason()}. */
    public static final String REASON = "deeptweet.rejected.reason";

    /** Header that holds {@link #detail()}. */
    public static final String DETAIL = "deeptweet.rejected.detail";

    /** Header that holds {@link #origin()}. */
    public static final String ORIGIN = "deeptweet.rejected.origin";

    /** Adds the four headers, in place of any of the same names. */
    public void writeTo(Headers headers) {
        put(headers, BY, by);
        put(headers, REASON, reason.code());
        put(headers, DETAIL, detail);
        put(headers, ORIGIN, origin);
    }

    /** What {@link #writeTo} wrote; empty if a header is missing or the reason is unknown. */
    public static Optional<Rejection> readFrom(Headers headers) {
        return get(headers, BY)
                .flatMap(by -> get(headers, REASON)
                        .flatMap(Reason::ofCode)
                        .flatMap(reason -> get(headers, DETAIL)
                                .flatMap(detail -> get(headers, ORIGIN)
                                        .map(origin -> new Rejection(by, reason, detail, origin)))));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> get(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }
}
