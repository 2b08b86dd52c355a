// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Submissions and comments of Reddit, from dumps or its API. Deleted ones are skipped.
 *
 * @see <a href="https://www.reddit.com/dev/api/#fullnames">Reddit's full names</a>
 */
public enum RedditShape implements Shape {
    /** An answer of the API with many things: {@code {"kind": "Listing", "data": {"children": […]}}}. */
    LISTING("reddit-listing") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("kind").asText().equals("Listing");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            List<Part> parts = new ArrayList<>();
            Deque<JsonNode> open = new ArrayDeque<>(List.of(object));
            while (!open.isEmpty())
                for (JsonNode child : open.remove().path("data").path("children")) {
                    parts.addAll(child(child));
                    open.add(child.path("data").path("replies"));
                }
            return Part.orEmpty(parts);
        }
    },

    /** A thing of the API: {@code {"kind": "t1", "data": {…}}}. */
    THING("reddit") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("kind").asText().matches("t\\d")
                    && object.path("data").isObject();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return child(object);
        }
    },

    /** A comment. */
    COMMENT("reddit") {
        @Override
        public boolean matches(JsonNode object) {
            return isComment(object);
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return thing(object);
        }
    },

    /** A submission. */
    SUBMISSION("reddit") {
        @Override
        public boolean matches(JsonNode object) {
            return object.has("title") && object.path("selftext").isTextual();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return thing(object);
        }
    };

    private static final Set<String> DELETED = Set.of("[deleted]", "[removed]", "[deleted by user]");

    private final String written;

    RedditShape(String written) {
        this.written = written;
    }

    @Override
    public String label() {
        return written;
    }

    private static boolean isComment(JsonNode object) {
        return object.path("body").isTextual() && (object.has("link_id") || object.has("parent_id"));
    }

    /** Comments are {@code t1} and submissions {@code t3}; others are authors, or stand for more comments. */
    static List<Part> child(JsonNode child) {
        String kind = child.path("kind").asText();
        return kind.equals("t1") || kind.equals("t3") ? thing(child.path("data")) : List.of(new Part.Notice("other"));
    }

    private static List<Part> thing(JsonNode thing) {
        boolean deleted = Stream.of("body", "selftext", "title")
                .anyMatch(field -> DELETED.contains(thing.path(field).asText()));
        if (deleted) return List.of(new Part.Notice("delete"));
        return List.of(Part.of(thing, () -> fields(thing)));
    }

    private static TweetFields fields(JsonNode thing) throws InvalidTweetException {
        boolean comment = isComment(thing);
        String text = Stream.of(comment ? new String[] {"body"} : new String[] {"title", "selftext"})
                .map(thing::path)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining("\n"));
        Optional<String> id = Values.identifier(thing, "id");
        Optional<String> created = Values.date(thing, "created_utc");
        Optional<String> fullName = Values.text(thing, "name").filter(name -> name.matches("t[13]_\\w+"));
        return new TweetFields(
                fullName.or(() -> id.map(own -> own.matches("t\\d_.*") ? own : (comment ? "t1_" : "t3_") + own)),
                Optional.of(text),
                created.isPresent() ? created : Values.date(thing, "date"),
                Optional.empty(),
                Values.text(thing, "author"),
                comment ? TweetKind.REPLY : TweetKind.POST);
    }
}
