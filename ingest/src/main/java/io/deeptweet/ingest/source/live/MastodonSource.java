// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.shape.MastodonShape;
import io.deeptweet.ingest.shape.Part;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetDate;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.retry.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows streams of one or several instances of Mastodon, each on a thread of its own. A status that several of them
 * bring is published once: its id is its {@code uri}.
 *
 * @see <a href="https://docs.joinmastodon.org/methods/streaming/">Mastodon, streaming</a>
 */
public final class MastodonSource implements TweetSource {
    /** Instances send a heartbeat every 15 s. */
    public static final Duration DEFAULT_QUIET = Duration.ofSeconds(45);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 16;

    /** Whose statuses a public timeline shows. */
    public enum Timeline {
        /** All that the instance knows. */
        PUBLIC("public", ""),
        /** Those of its own users. */
        LOCAL("public/local", "local=true&"),
        /** Those of others. */
        REMOTE("public/remote", "remote=true&");

        private final String path;
        private final String query;

        Timeline(String path, String query) {
            this.path = path;
            this.query = query;
        }

        String path() {
            return path;
        }

        String query() {
            return query;
        }
    }

    /**
     * An instance.
     *
     * @param address its scheme and authority
     * @param token access token, if it needs one
     */
    public record Instance(URI address, Optional<String> token) {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * What the operator chooses.
     *
     * @param instances at least one
     * @param timeline the public timeline to follow; empty for none
     * @param hashtags to follow, without their {@code #}
     * @param quiet how long nothing may come before a connection is replaced; longer than {@code 15 s}
     * @param largestEvent most bytes of a status
     */
    public record Options(
            List<Instance> instances,
            Optional<Timeline> timeline,
            List<String> hashtags,
            Duration quiet,
            int largestEvent) {
        public Options {
            instances = List.copyOf(instances);
            hashtags = List.copyOf(hashtags);
        }

        List<MastodonStream> streams() {
            return instances.stream()
                    .flatMap(instance -> Stream.concat(
                            timeline.stream().map(one -> MastodonStream.of(instance.address(), instance.token(), one)),
                            hashtags.stream()
                                    .map(tag -> MastodonStream.ofHashtag(instance.address(), instance.token(), tag))))
                    .toList();
        }
    }

    /** Something that a stream brought, to be done on the source's thread. */
    private interface Step {
        void run();
    }

    private final String name;
    private final Options options;
    private final LanguageDetector languages;
    private final Clock clock;
    private final Supplier<Backoff> backoff;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // streams that share a connection would slow each other down
            .connectTimeout(CONNECT_PATIENCE)
            .build();

    /** @param name the source's name in the settings */
    public MastodonSource(String name, Options options, LanguageDetector languages, Clock clock) {
        this(name, options, languages, clock, Backoff::new);
    }

    /** @param backoff the waits of a stream between its attempts */
    MastodonSource(String name, Options options, LanguageDetector languages, Clock clock, Supplier<Backoff> backoff) {
        this.name = name;
        this.options = options;
        this.languages = languages;
        this.clock = clock;
        this.backoff = backoff;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return "Mastodon at "
                + String.join(
                        ", ",
                        options.streams().stream().map(MastodonStream::key).toList());
    }

    @Override
    public String describe(String position) {
        return MastodonPosition.parse(position).newest().entrySet().stream()
                .map(stream -> stream.getKey() + " up to " + stream.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @Override
    public void run(SourceOutput output, String position) throws IOException, InterruptedException {
        List<MastodonStream> streams = options.streams();
        Intake intake = new Intake(output, MastodonPosition.parse(position));
        CombinedMonitor monitors = new CombinedMonitor(output.monitor());
        ExecutorService threads = Executors.newFixedThreadPool(streams.size(), task -> {
            Thread thread = new Thread(task, "stream-" + name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (MastodonStream stream : streams)
                threads.execute(() -> follow(stream, intake, monitors.of(stream.key())));
            while (true) intake.steps.take().run();
        } finally {
            threads.shutdownNow();
            var unused = threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void follow(MastodonStream stream, Intake intake, SourceMonitor monitor) {
        Retries retries = new Retries(name + " (" + stream.key() + ")", monitor, backoff.get(), clock);
        try {
            try {
                new MastodonConnection(client, stream, options, intake, monitor, retries).run();
            } catch (RuntimeException | Error e) { // such as a full heap: it ends the source, which says so
                intake.steps.put(() -> {
                    throw e;
                });
            }
        } catch (InterruptedException e) {
            // the source ends
        }
    }

    /** Writes what the streams bring, on the source's thread. */
    private final class Intake implements MastodonConnection.Sink {
        private final SourceOutput output;
        private final SourceMonitor monitor;
        private final TweetParser parser;
        private final RecentKeys recent = new RecentKeys();
        /** What waits; a stream whose status does not fit in waits too, and slows its server down. */
        private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(MOST_WAITING);

        private volatile MastodonPosition position;

        Intake(SourceOutput output, MastodonPosition position) {
            this.output = output;
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
        public Optional<String> start(MastodonStream stream) {
            return position.start(stream.key());
        }

        private void take(MastodonStream stream, ServerSentEvents.Event status) {
            try {
                if (status.tooLarge())
                    throw new InvalidTweetException(
                            Reason.TOO_LARGE, "the status has more than " + options.largestEvent() + " bytes");
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
            if (part instanceof Part.Post post) publish(stream, post.fields(), bytes);
            else if (part instanceof Part.Invalid invalid)
                reject(stream, new ParsedTweet.Invalid(invalid.reason(), invalid.detail()), bytes);
            else monitor.event(((Part.Notice) part).kind());
        }

        private void publish(MastodonStream stream, TweetFields fields, byte[] bytes) {
            fields.createdAt()
                    .flatMap(TweetDate::parse)
                    .ifPresent(time -> monitor.behind(Duration.between(time, clock.instant())));
            write(parser.parse(fields), bytes, fields.id().orElse(name + "@" + stream.key()));
        }

        private void write(ParsedTweet parsed, byte[] bytes, String origin) {
            MastodonPosition reached = position; // to be asked later, when it has moved on
            output.write(parsed, bytes, origin, reached::toString);
        }
    }
}
