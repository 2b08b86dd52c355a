// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.retry.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
        MastodonIntake intake = new MastodonIntake(
                name, output, MastodonPosition.parse(position), options.largestEvent(), languages, clock);
        CombinedMonitor monitors = new CombinedMonitor(output.monitor());
        ExecutorService threads = Executors.newFixedThreadPool(streams.size(), task -> {
            Thread thread = new Thread(task, "stream-" + name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (MastodonStream stream : streams)
                threads.execute(() -> follow(stream, intake, monitors.of(stream.key())));
            while (true) intake.takeNext();
        } finally {
            threads.shutdownNow();
            var unused = threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void follow(MastodonStream stream, MastodonIntake intake, SourceMonitor monitor) {
        Retries retries = new Retries(name + " (" + stream.key() + ")", monitor, backoff.get(), clock);
        try {
            try {
                new MastodonConnection(client, stream, options, intake, monitor, retries).run();
            } catch (RuntimeException | Error e) { // such as a full heap: it ends the source, which says so
                intake.later(() -> {
                    throw e;
                });
            }
        } catch (InterruptedException e) {
            // the source ends
        }
    }
}
