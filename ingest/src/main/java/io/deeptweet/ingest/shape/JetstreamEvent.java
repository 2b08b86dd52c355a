// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * An event of Bluesky's Jetstream.
 *
 * @param kind what happened
 * @param cursor where the server continues, inclusive: microseconds since 1970 in version 1, a number in version 2
 * @param time when the server received it
 * @param uri address of the record, {@code at://did/collection/rkey}; empty unless it is a post
 * @param cid hash of the record's content; empty if there is none
 * @param author the account's DID
 * @param record the post; missing unless {@code kind} is {@link Kind#POST}
 * @see <a href="https://github.com/bluesky-social/jetstream">Jetstream</a>
 */
public record JetstreamEvent(
        Kind kind, long cursor, Instant time, String uri, String cid, String author, JsonNode record) {
    /** Larger numbers are microseconds since 1970. A server cannot continue after one that it has made up. */
    private static final long MOST_EVENTS = 1_000_000_000_000_000L;

    /** What happened. */
    public enum Kind {
        POST,
        UPDATE,
        DELETE,
        OTHER
    }

    /**
     * Reads an event of version 1, or a frame of version 2.
     *
     * @throws InvalidTweetException if it is neither
     */
    public static JetstreamEvent of(JsonNode frame) throws InvalidTweetException {
        return frame.path("payload").isObject() ? second(frame.path("payload")) : first(frame);
    }

    /** Why the server ends the stream, if that is what a frame of version 2 says. */
    public static Optional<String> end(JsonNode frame) {
        if (!frame.path("$type").asText().equals("error")) return Optional.empty();
        return Optional.of(
                frame.path("error").asText() + " " + frame.path("message").asText());
    }

    private static JetstreamEvent first(JsonNode event) throws InvalidTweetException {
        long micros = number(event, "time_us");
        Instant time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        boolean commit = event.path("kind").asText().equals("commit");
        return of(event, commit ? event.path("commit") : event.path("none"), micros, time);
    }

    private static JetstreamEvent second(JsonNode payload) throws InvalidTweetException {
        boolean commit = payload.path("$type").asText().endsWith("#commit");
        long number = number(payload, "seq");
        if (number >= MOST_EVENTS)
            throw new InvalidTweetException(Reason.INVALID_FIELD, "seq is more than any server has sent: " + number);
        return of(payload, commit ? payload : payload.path("none"), number, time(payload));
    }

    private static JetstreamEvent of(JsonNode event, JsonNode commit, long cursor, Instant time)
            throws InvalidTweetException {
        String did = text(event, "did");
        Kind kind = commit.path("collection").asText().equals(BlueskyPost.COLLECTION)
                ? switch (commit.path("operation").asText()) {
                    case "create" -> Kind.POST;
                    case "update" -> Kind.UPDATE;
                    case "delete" -> Kind.DELETE;
                    default -> Kind.OTHER;
                }
                : Kind.OTHER;
        if (kind == Kind.OTHER) return new JetstreamEvent(kind, cursor, time, "", "", did, commit.path("none"));
        JsonNode record = commit.path("record");
        if (kind == Kind.POST && !record.isObject())
            throw new InvalidTweetException(Reason.INVALID_FIELD, "the post's record is not an object");
        return new JetstreamEvent(
                kind,
                cursor,
                time,
                "at://" + did + "/" + BlueskyPost.COLLECTION + "/" + text(commit, "rkey"),
                commit.path("cid").asText(),
                did,
                record);
    }

    private static Instant time(JsonNode payload) throws InvalidTweetException {
        String time = text(payload, "time");
        try {
            return Instant.parse(time);
        } catch (DateTimeException e) {
            throw new InvalidTweetException(Reason.INVALID_FIELD, "time is not a date: " + UntrustedText.quoted(time));
        }
    }

    private static long number(JsonNode node, String field) throws InvalidTweetException {
        JsonNode value = node.path(field);
        if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0) return value.longValue();
        throw new InvalidTweetException(Reason.INVALID_FIELD, field + " is not a number");
    }

    private static String text(JsonNode node, String field) throws InvalidTweetException {
        return Optional.ofNullable(node.path(field).textValue())
                .orElseThrow(() -> new InvalidTweetException(Reason.INVALID_FIELD, field + " is not text"));
    }
}
