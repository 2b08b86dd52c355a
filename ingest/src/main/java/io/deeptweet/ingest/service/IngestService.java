// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.source.SourceRunner;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.OpenNlpLanguageDetector;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.start.ServiceStart;
import io.deeptweet.service.start.StartFailureHandler;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts and stops ingest: sets up the topics, connects to Kafka, runs the sources of the feeds. */
@QuarkusMain
@Singleton
@Default
public class IngestService implements QuarkusApplication {
    private final ServiceStart start;
    private final Map<String, Object> kafka;
    private final FeedMetrics metrics;
    private final SourceRunner sources = new SourceRunner();
    private volatile Optional<StartedIngest> started = Optional.empty();

    /**
     * @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security
     * @param settings not checked yet; Quarkus reads only settings that a bean asks for
     */
    @Inject
    IngestService(
            ServiceStart start,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @SuppressWarnings("UnusedVariable") IngestSettings settings,
            FeedMetrics metrics) {
        this.start = start;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    public static void main(String... arguments) {
        Quarkus.run(
                IngestService.class, new StartFailureHandler("ingest", IngestSettings.class, System::exit), arguments);
    }

    /** Runs until the service is stopped. The exit code is 1 if it cannot start. */
    @Override
    public int run(String... arguments) {
        if (!start()) return 1;
        Quarkus.waitForExit();
        return 0;
    }

    /** Starts the service, waiting for Kafka and the registry. False if it cannot start; the log says why. */
    boolean start() {
        return start.run("ingest", () -> {
            IngestSettings settings = Settings.checked(IngestSettings.class);
            LanguageDetector languages =
                    settings.detectLanguages() ? new OpenNlpLanguageDetector() : LanguageDetector.NONE;
            List<FeedSources.Configured> configured = FeedSources.of(settings, languages, Clock.systemUTC());
            start.awaitTopics(settings.topics().setup());
            TweetPublisher publisher =
                    start.await("the schema registry (kafka.schema.registry.url)", () -> TweetPublisher.connect(kafka));
            FeedRegistry feeds = new FeedRegistry(publisher, metrics);
            configured.forEach(one -> sources.start(
                    kafka,
                    one.name(),
                    one.feeds().stream()
                            .map(feed -> feeds.register(feed, one.source().describe()))
                            .toList(),
                    metrics,
                    one.source(),
                    one.fromBeginning(),
                    settings.commitInterval()));
            // Last, so that no request registers a feed of one of these names.
            started = Optional.of(new StartedIngest(publisher, feeds, settings.push(), languages));
        });
    }

    /** Empty until the service has started. */
    public Optional<StartedIngest> started() {
        return started;
    }

    /**
     * Stops the sources, which go on from their last commit at the next start. Requests have been answered before:
     * {@code quarkus.shutdown.timeout}.
     */
    @PreDestroy
    void stop() {
        sources.close();
        started.ifPresent(ingest -> ingest.publisher().close());
    }
}
