// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import io.deeptweet.schemas.text.UntrustedText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Why a record was written to {@code tweets.rejected}. Stored in the record's headers, because key and value stay as
 * they were received, up to the limits of {@link RejectedCopy}.
 *
 * @param by the service that rejected the record, such as {@code ingest}
 * @param reason the kind of fault
 * @param detail the fault in a sentence; cut at its end after {@value #LONGEST_DETAIL} UTF-16 units
 * @param origin where the record came from, such as {@code tweets.raw-3@17} or {@code feed.jsonl:12}; cut like the
 *     detail
 */
public record Rejection(String by, Reason reason, String detail, String origin) {
    /**
     * Longest detail and origin, in UTF-16 units: they may quote what was received, and headers count towards Kafka's
     * record limit.
     */
    public static final int LONGEST_DETAIL = 500;

    public Rejection {
        detail = cut(detail);
        origin = cut(origin);
    }

    /** The origin of a Kafka record, such as {@code tweets.raw-3@17}. */
    public static String origin(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    private static String cut(String text) {
        // A text that was cut, written and read back must not change again.
        boolean alreadyCut = text.length() == LONGEST_DETAIL + 1 && text.endsWith("…");
        return alreadyCut ? text : UntrustedText.shortened(text, LONGEST_DETAIL);
    }

    /** The kinds of fault; few, because they label a metric. */
    public enum Reason {
        /** Not in the expected format: broken JSON, CSV or text encoding. */
        MALFORMED,
        /** A tweet without an id. */
        NO_ID,
        /** A tweet without a text. */
        NO_TEXT,
        /** A field with an invalid value, such as a date that cannot be parsed. */
        INVALID_FIELD,
        /** Larger than the limit. */
        TOO_LARGE,
        /** A valid tweet that the active model cannot score. */
        SCORING_FAILED,
        /** Bytes on a topic that are not the expected Avro record. */
        UNDECODABLE;

        /** The name in headers and metrics, such as {@code no-id}. */
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

    /** Sets the four headers; existing ones of the same names are replaced. */
    public void writeTo(Headers headers) {
        put(headers, BY, by);
        put(headers, REASON, reason.code());
        put(headers, DETAIL, detail);
        put(headers, ORIGIN, origin);
    }

    /** The rejection that {@link #writeTo} wrote; empty if a header is missing or the reason is unknown. */
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
