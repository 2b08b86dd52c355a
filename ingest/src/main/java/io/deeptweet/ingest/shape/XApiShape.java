// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.RecordJson;
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
    /** Errors instead of posts, also in the middle of a stream, and problems: {@code {"title", "status", "detail"}}. */
    ERRORS("x-api-errors") {
        @Override
        public boolean matches(JsonNode object) {
            boolean problem =
                    object.path("status").isInt() && object.path("title").isTextual();
            return !object.has("text")
                    && !object.path("data").isContainerNode()
                    && (object.path("errors").isArray() || problem);
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return List.of(new Part.Notice("error"));
        }
    },

    /** An answer of the API v2 with a page of posts: {@code {"data": […], "includes": {…}, "meta": {…}}}. */
    PAGE("x-api-v2-page") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("data").isArray() || object.path("meta").has("result_count");
        }

        @Override
        public List<Part> parts(JsonNode page) {
            List<Part> parts = elements(page, page.path("data"));
            if (page.path("errors").isArray()) parts.add(new Part.Notice("error"));
            return Part.orEmpty(parts);
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
            JsonNode data = object.path("data");
            parts.add(
                    data.isObject()
                            ? XPost.part(new XIncludes(object), object, data)
                            : new Part.Invalid(
                                    Reason.INVALID_FIELD, "data is not an object", () -> RecordJson.bytes(object)));
            if (object.path("errors").isArray()) parts.add(new Part.Notice("error"));
            return parts;
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
            JsonNode deleted = object.path("delete").path("status");
            if (deleted.isObject()) return List.of(Part.Notice.ofDeletion(id(deleted)));
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
            return Part.orEmpty(elements(object, object.path("statuses")));
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
            return List.of(XPost.part(new XIncludes(object), object, object));
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
            return List.of(XPost.part(new XIncludes(object), object, object));
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
            "friends",
            "like",
            "follower",
            "following");

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

    /** The id of a deleted status; empty if it has none. */
    private static Optional<String> id(JsonNode status) {
        return Stream.of(status.path("id_str"), status.path("id"))
                .filter(id -> id.isTextual() || id.isIntegralNumber())
                .map(JsonNode::asText)
                .filter(id -> !id.isBlank())
                .findFirst();
    }

    /** The elements of a page, each of which may have a shape of its own: other services have such pages too. */
    private static List<Part> elements(JsonNode page, JsonNode list) {
        XIncludes includes = new XIncludes(page);
        List<Part> parts = new ArrayList<>();
        for (JsonNode element : list) {
            Optional<Shape> other = element.isObject()
                    ? JsonFormat.shapeOf(element).filter(shape -> !(shape instanceof XApiShape))
                    : Optional.empty();
            if (other.isPresent()) parts.addAll(other.get().parts(element));
            else parts.add(XPost.part(includes, element, element));
        }
        return parts;
    }
}
