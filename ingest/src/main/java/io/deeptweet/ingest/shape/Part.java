// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A part of a record: a line may hold one post, or an API's answer with many. */
public sealed interface Part {
    /**
     * A post, not checked yet.
     *
     * @param bytes the part as it was received
     */
    record Post(TweetFields fields, Supplier<byte[]> bytes) implements Part {}

    /**
     * Neither a post nor anything else that is known.
     *
     * @param reason the kind of fault
     * @param detail the fault in a sentence
     * @param bytes the part as it was received
     */
    record Invalid(Reason reason, String detail, Supplier<byte[]> bytes) implements Part {}

    /**
     * No post, but known: it is skipped and counted.
     *
     * @param kind one of few, in lower case, such as {@code delete}
     * @param deleted id of the tweet that was deleted, if that is what it says
     */
    record Notice(String kind, Optional<String> deleted) implements Part {
        /** A notice of anything else than a deletion. */
        Notice(String kind) {
            this(kind, Optional.empty());
        }

        /** The notice that the tweet with this id was deleted; empty if it does not say which. */
        static Notice ofDeletion(Optional<String> id) {
            return new Notice("delete", id);
        }
    }

    /** Reads the fields of a post. */
    interface FieldsReader {
        /** @throws InvalidTweetException if it is no post, or a field has another type */
        TweetFields read() throws InvalidTweetException;
    }

    /** The part that a JSON value is. */
    static Part of(JsonNode json, FieldsReader fields) {
        return of(() -> RecordJson.bytes(json), fields);
    }

    /** The part of these bytes. */
    static Part of(Supplier<byte[]> bytes, FieldsReader fields) {
        try {
            return new Post(fields.read(), bytes);
        } catch (InvalidTweetException e) {
            return new Invalid(e.reason(), e.getMessage(), bytes);
        }
    }

    /** These parts, or a notice: an answer without posts is no fault. */
    static List<Part> orEmpty(List<Part> parts) {
        return parts.isEmpty() ? List.of(new Notice("empty_page")) : parts;
    }

    /** The same part, received as these bytes. */
    default Part receivedAs(byte[] bytes) {
        if (this instanceof Post post) return new Post(post.fields(), () -> bytes);
        if (this instanceof Invalid invalid) return new Invalid(invalid.reason(), invalid.detail(), () -> bytes);
        return this;
    }
}
