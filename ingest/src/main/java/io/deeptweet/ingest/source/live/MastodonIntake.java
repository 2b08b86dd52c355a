// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.shape.MastodonShape;
import io.deeptweet.ingest.shape.Part;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetDate;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes what the streams of Mastodon bring, on the source's thread: statuses, each once, and deletions of recent
 * statuses.
 */
final class MastodonIntake {
    private static final int MOST_WAITING = 16;

    /** A deletion has only the instance's id of the status, so the ids of tweets are remembered. */
    private static final int MOST_DELETABLE = 20_000;

    private final String name;
    private final int largestEvent;
    private final SourceOutput output;
    private final SourceMonitor monitor;
    private final TweetParser parser;
    private final Clock clock;
    private final RecentKeys recent = new RecentKeys();
    /** What waits; a stream whose status does not fit in waits too, and slows its server down. */
    private final BlockingQueue<Runnable> steps = new ArrayBlockingQueue<>(MOST_WAITING);

    private volatile MastodonPosition position;

    /** Ids of the latest tweets, by the instance and its id of the status. */
    private final Map<String, String> deletable = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_DELETABLE;
        }
    };

    /**
     * @param name the source's name in the settings
     * @param position where the streams start
     * @param largestEvent most bytes of a status
     */
    MastodonIntake(
            String name,
            SourceOutput output,
            MastodonPosition position,
            int largestEvent,
            LanguageDetector languages,
            Clock clock) {
        this.name = name;
        this.output = output;
        this.largestEvent = largestEvent;
        this.clock = clock;
        this.monitor = output.monitor();
        this.parser = new TweetParser(output.name(), languages, clock);
        this.position = position;
        position.seen().forEach(status -> recent.add(status.hash()));
    }

    /** Takes a status, the newest or one that was missed. Blocks while the source is behind. */
    void status(MastodonStream stream, ServerSentEvents.Event status) throws InterruptedException {
        steps.put(() -> take(stream, status));
    }

    /**
     * Takes the deletion of a status. Blocks while the source is behind.
     *
     * @param id the instance's
     */
    void deletion(MastodonStream stream, String id) throws InterruptedException {
        steps.put(() -> delete(stream, id));
    }

    /** Does something on the source's thread, such as throwing the failure of a stream. */
    void later(Runnable step) throws InterruptedException {
        steps.put(step);
    }

    /** Waits for what a stream brings, and writes it. */
    void takeNext() throws InterruptedException {
        steps.take().run();
    }

    /** The id after which the stream is to continue; empty if nothing came from it. */
    Optional<String> start(MastodonStream stream) {
        return position.start(stream.key());
    }

    private void take(MastodonStream stream, ServerSentEvents.Event status) {
        try {
            if (status.tooLarge())
                throw new InvalidTweetException(
                        Reason.TOO_LARGE, "the status has more than " + largestEvent + " bytes");
            JsonNode json = RecordJson.object(status.data());
            if (!MastodonShape.STATUS.matches(json))
                throw new InvalidTweetException(Reason.INVALID_FIELD, "the object is not a status of Mastodon");
            take(stream, json, status.data());
        } catch (InvalidTweetException e) {
            reject(stream, new ParsedTweet.Invalid(e.reason(), e.getMessage()), status.data());
        }
    }

    private void reject(MastodonStream stream, ParsedTweet.Invalid invalid, byte[] bytes) {
        monitor.event("invalid");
        write(invalid, bytes, name + "@" + stream.key());
    }

    private void take(MastodonStream stream, JsonNode json, byte[] bytes) {
        Part part = MastodonShape.STATUS.parts(json).get(0);
        String id = MastodonTimeline.id(json);
        String uri = part instanceof Part.Post post
                ? post.fields().id().orElse(id)
                : json.path("uri").asText(id);
        String hash = RecentKeys.hash(uri.isEmpty() ? json.toString() : uri);
        boolean isNew = recent.add(hash);
        position = position.reached(stream.key(), id, clock.instant());
        if (!isNew) {
            monitor.event("repeated");
            return;
        }
        position = position.with(hash, id, clock.instant());
        monitor.event("post");
        if (part instanceof Part.Post post) publish(stream, id, post.fields(), bytes);
        else if (part instanceof Part.Invalid invalid)
            reject(stream, new ParsedTweet.Invalid(invalid.reason(), invalid.detail()), bytes);
        else monitor.event(((Part.Notice) part).kind());
    }

    private void publish(MastodonStream stream, String id, TweetFields fields, byte[] bytes) {
        fields.createdAt()
                .flatMap(TweetDate::parse)
                .ifPresent(time -> monitor.behind(Duration.between(time, clock.instant())));
        ParsedTweet parsed = parser.parse(fields);
        // Only ids of bounded length are remembered.
        if (parsed instanceof ParsedTweet.Valid valid && MastodonPosition.isId(id))
            deletable.put(deletableKey(stream, id), valid.tweet().getId());
        write(parsed, bytes, fields.id().orElse(name + "@" + stream.key()));
    }

    private void delete(MastodonStream stream, String id) {
        Optional.ofNullable(deletable.remove(deletableKey(stream, id)))
                .ifPresent(tweet -> write(ParsedTweet.Skipped.ofDeletion(tweet), new byte[0], tweet));
    }

    private static String deletableKey(MastodonStream stream, String id) {
        return stream.instance() + " " + id;
    }

    private void write(ParsedTweet parsed, byte[] bytes, String origin) {
        MastodonPosition reached = position; // to be asked later, when it has moved on
        output.write(parsed, bytes, origin, reached::toString);
    }
}
