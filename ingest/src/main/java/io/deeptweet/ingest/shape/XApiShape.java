// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the APIs of X send.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/introduction">X API v2, filtered stream</a>
 */
public enum XApiShape implements Shape {
    /** An answer of the API v2 with a page of posts: {@code {"data": […], "includes": {…}, "meta": {…}}}. */
    PAGE("x-api-v2-page") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("data").isArray() || object.path("meta").has("result_count");
        }

        @Override
        public List<Part> parts(JsonNode page) {
            List<Part> parts = new ArrayList<>();
            for (JsonNode post : page.path("data")) parts.add(Part.of(post, () -> XPost.fields(page, post)));
            addErrors(parts, page);
            return orEmpty(parts);
        }
    },

    /** A post of the API v2's filtered stream: {@code {"data": {…}, "includes": {…}}}. */
    STREAMED("x-api-v2") {
        @Override
        public boolean matches(JsonNode object) {
            return object.has("data");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            List<Part> parts = new ArrayList<>();
            parts.add(Part.of(object, () -> {
                if (!object.path("data").isObject())
                    throw new InvalidTweetException(Reason.INVALID_FIELD, "data is not an object");
                return XPost.fields(object, object.path("data"));
            }));
            addErrors(parts, object);
            return parts;
        }
    },

    /** Errors instead of posts, also in the middle of a stream. */
    ERRORS("x-api-errors") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("errors").isArray() && !object.has("text");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            List<Part> parts = new ArrayList<>();
            addErrors(parts, object);
            return orEmpty(parts);
        }
    },

    /** A notice in a stream of the API v1.1, such as {@code {"delete": {…}}} and {@code {"limit": {…}}}. */
    NOTICE("x-api-v1.1-notice") {
        @Override
        public boolean matches(JsonNode object) {
            return notice(object).isPresent();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return List.of(new Part.Notice(notice(object).orElseThrow()));
        }
    },

    /** Statuses of the API v1.1 as its search answers: {@code {"statuses": […]}}. */
    STATUSES("x-api-v1.1-page") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("statuses").isArray();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return orEmpty(object.path("statuses")
                    .valueStream()
                    .map(status -> Part.of(status, () -> XPost.fields(object, status)))
                    .toList());
        }
    },

    /** A status of the API v1.1. */
    STATUS("x-api-v1.1") {
        @Override
        public boolean matches(JsonNode object) {
            return object.has("id_str") || object.has("retweeted_status") || object.has("extended_tweet");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return List.of(Part.of(object, () -> XPost.fields(object, object)));
        }
    },

    /** A post of the API v2 on its own: {@code {"id", "text", "created_at", "lang", "author_id"}}. */
    POST("x-api-v2") {
        @Override
        public boolean matches(JsonNode object) {
            return object.has("id") && object.has("text");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return List.of(Part.of(object, () -> XPost.fields(object, object)));
        }
    };

    private static final List<String> NOTICES = List.of(
            "delete",
            "limit",
            "scrub_geo",
            "status_withheld",
            "user_withheld",
            "disconnect",
            "warning",
            "event",
            "friends");

    private final String written;

    XApiShape(String written) {
        this.written = written;
    }

    @Override
    public String label() {
        return written;
    }

    private static Optional<String> notice(JsonNode object) {
        if (object.size() > 3) return Optional.empty(); // a post, which may have such a field
        return NOTICES.stream()
                .filter(kind -> object.path(kind).isContainerNode())
                .findFirst();
    }

    private static void addErrors(List<Part> parts, JsonNode object) {
        Stream.generate(() -> new Part.Notice("error"))
                .limit(object.path("errors").size())
                .forEach(parts::add);
    }

    /** An answer without posts is no fault. */
    static List<Part> orEmpty(List<Part> parts) {
        return parts.isEmpty() ? List.of(new Part.Notice("empty_page")) : parts;
    }
}
