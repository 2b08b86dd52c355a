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
 * Writes what the streams of Mastodon bring, on the source's thread: statuses, each once, and deletions of statuses
 * that came lately.
 */
final class MastodonIntake implements MastodonConnection.Sink {
    private static final int MOST_WAITING = 16;

    /** A deletion has an id of its instance only, which other instances do not know. */
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

    /** Ids of tweets, by the instance and its id of the status; the latest. */
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

    @Override
    public void status(MastodonStream stream, ServerSentEvents.Event status) throws InterruptedException {
        steps.put(() -> take(stream, status));
    }

    @Override
    public void deletion(MastodonStream stream, String id) throws InterruptedException {
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

    @Override
    public Optional<String> start(MastodonStream stream) {
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
        fields.id().ifPresent(tweet -> deletable.put(deletableKey(stream, id), tweet));
        fields.createdAt()
                .flatMap(TweetDate::parse)
                .ifPresent(time -> monitor.behind(Duration.between(time, clock.instant())));
        write(parser.parse(fields), bytes, fields.id().orElse(name + "@" + stream.key()));
    }

    private void delete(MastodonStream stream, String id) {
        Optional<String> tweet = Optional.ofNullable(deletable.remove(deletableKey(stream, id)));
        if (tweet.isPresent()) write(new ParsedTweet.Skipped("delete", tweet), new byte[0], tweet.get());
    }

    private static String deletableKey(MastodonStream stream, String id) {
        return stream.instance() + " " + id;
    }

    private void write(ParsedTweet parsed, byte[] bytes, String origin) {
        MastodonPosition reached = position; // to be asked later, when it has moved on
        output.write(parsed, bytes, origin, reached::toString);
    }
}
