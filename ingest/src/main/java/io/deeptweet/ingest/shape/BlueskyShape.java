// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetDate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What Bluesky's APIs and Jetstream send.
 *
 * @see <a href="https://docs.bsky.app/docs/category/http-reference">Bluesky's HTTP reference</a>
 */
public enum BlueskyShape implements Shape {
    /** An event of Jetstream, see {@link JetstreamEvent}. */
    EVENT("jetstream") {
        @Override
        public boolean matches(JsonNode object) {
            boolean first = object.has("did") && object.has("time_us");
            return first || object.path("payload").path("$type").asText().startsWith("network.bsky.jetstream.");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            JetstreamEvent event;
            try {
                event = JetstreamEvent.of(object);
            } catch (InvalidTweetException e) {
                return List.of(Part.of(object, () -> {
                    throw e;
                }));
            }
            if (event.kind() == JetstreamEvent.Kind.DELETE)
                return List.of(Part.Notice.ofDeletion(Optional.of(event.uri())));
            if (event.kind() != JetstreamEvent.Kind.POST)
                return List.of(new Part.Notice(event.kind().name().toLowerCase(Locale.ROOT)));
            if (BlueskyPost.isWithoutText(event.record())) return List.of(new Part.Notice("without_text"));
            return List.of(Part.of(
                    object,
                    () -> BlueskyPost.fields(
                            Optional.of(event.uri()),
                            Optional.of(event.author()),
                            event.record(),
                            Optional.of(created(event, MOST_DIFFERENCE)
                                    .orElse(event.time())
                                    .toString()))));
        }
    },

    /** An answer with a feed: {@code {"feed": [{"post": …, "reason": …}, …]}}. */
    FEED("bluesky-feed") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("feed").isArray();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return Part.orEmpty(object.path("feed")
                    .valueStream()
                    .flatMap(view -> FEED_VIEW.parts(view).stream())
                    .toList());
        }
    },

    /** An answer with posts, such as a search's: {@code {"posts": […]}}. */
    POSTS("bluesky-posts") {
        @Override
        public boolean matches(JsonNode object) {
            JsonNode posts = object.path("posts");
            return posts.isArray()
                    && (posts.isEmpty()
                            || posts.valueStream()
                                    .anyMatch(post -> post.path("record").isObject()));
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return Part.orEmpty(object.path("posts")
                    .valueStream()
                    .flatMap(post -> viewed(post, post, false).stream())
                    .toList());
        }
    },

    /** An answer with a thread: {@code {"thread": {"post": …, "replies": [{"post": …}, …]}}}. */
    THREAD("bluesky-thread") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("thread").path("post").path("record").isObject();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            List<Part> parts = new ArrayList<>();
            Deque<JsonNode> open = new ArrayDeque<>(List.of(object.path("thread")));
            while (!open.isEmpty()) {
                JsonNode view = open.remove();
                parts.addAll(viewed(view, view.path("post"), false));
                view.path("replies").forEach(open::add);
            }
            return parts;
        }
    },

    /** An answer with an account's records: {@code {"records": [{"uri", "cid", "value": {…}}]}}. */
    RECORDS("bluesky-records") {
        @Override
        public boolean matches(JsonNode object) {
            JsonNode first = object.path("records").path(0);
            return first.path("value").isObject() && first.path("uri").asText().startsWith("at://");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return object.path("records")
                    .valueStream()
                    .flatMap(one -> STORED.parts(one).stream())
                    .toList();
        }
    },

    /** One of these: {@code {"uri", "cid", "value": {…}}}. */
    STORED("bluesky-record") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("value").isObject()
                    && object.path("uri").asText().startsWith("at://");
        }

        @Override
        public List<Part> parts(JsonNode object) {
            JsonNode record = object.path("value");
            if (!record.path("$type").asText(BlueskyPost.COLLECTION).equals(BlueskyPost.COLLECTION))
                return List.of(new Part.Notice("other"));
            if (BlueskyPost.isWithoutText(record)) return List.of(new Part.Notice("without_text"));
            String uri = object.path("uri").asText();
            return List.of(Part.of(
                    object,
                    () -> BlueskyPost.fields(
                            Optional.of(uri),
                            Optional.of(uri.substring("at://".length()).split("/", 2)[0]),
                            record,
                            Values.text(record, "createdAt"))));
        }
    },

    /** A post in a feed, perhaps reposted: {@code {"post": {"uri", "author", "record"}, "reason": …}}. */
    FEED_VIEW("bluesky-feed-post") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("post").path("record").isObject();
        }

        @Override
        public List<Part> parts(JsonNode view) {
            boolean reposted = view.path("reason").path("$type").asText().endsWith("#reasonRepost");
            return viewed(view, view.path("post"), reposted);
        }
    },

    /** A post: {@code {"uri": "at://…", "author": {"did", "handle"}, "record": {…}}}. */
    POST("bluesky-post") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("record").isObject()
                    && object.path("uri").asText().startsWith("at://");
        }

        @Override
        public List<Part> parts(JsonNode post) {
            return viewed(post, post, false);
        }
    },

    /** A record on its own, as an account's repository holds it; it has no id. */
    RECORD("bluesky-record") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("$type").asText().equals(BlueskyPost.COLLECTION);
        }

        @Override
        public List<Part> parts(JsonNode record) {
            if (BlueskyPost.isWithoutText(record)) return List.of(new Part.Notice("without_text"));
            return List.of(Part.of(
                    record,
                    () -> BlueskyPost.fields(
                            Optional.empty(), Optional.empty(), record, Values.text(record, "createdAt"))));
        }
    };

    /** As the setting {@code clock-difference} of a live source is by default. */
    private static final Duration MOST_DIFFERENCE = Duration.ofHours(1);

    private final String written;

    /** A post that is not shown, because it was deleted or its author blocks, has no record. */
    static List<Part> viewed(JsonNode view, JsonNode post, boolean reposted) {
        boolean hidden =
                view.path("notFound").asBoolean() || view.path("blocked").asBoolean();
        return hidden ? List.of(new Part.Notice("other")) : BlueskyPost.viewed(view, post, reposted);
    }

    BlueskyShape(String written) {
        this.written = written;
    }

    @Override
    public String label() {
        return written;
    }

    /**
     * When a post was written, as its author's client claims; empty if that differs too much from the time at which the
     * server received it, or is no time.
     */
    public static Optional<Instant> created(JetstreamEvent event, Duration mostDifference) {
        return TweetDate.parse(event.record().path("createdAt").asText())
                .filter(time -> Duration.between(time, event.time()).abs().compareTo(mostDifference) <= 0);
    }
}
