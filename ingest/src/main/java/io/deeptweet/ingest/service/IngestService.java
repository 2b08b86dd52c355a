// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.control.FeedControl;
import io.deeptweet.ingest.control.LiveFeeds;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.SourceState;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.source.SourceHandle;
import io.deeptweet.ingest.source.SourceRunner;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.OpenNlpLanguageDetector;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.definition.DefinitionTopic;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.start.ServiceStart;
import io.deeptweet.service.start.StartFailureHandler;
import io.deeptweet.service.trace.RecordTracing;
import io.deeptweet.service.trace.TracingInterceptor.SpanType;
import io.opentelemetry.api.trace.SpanKind;
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
import java.util.Set;
import java.util.stream.Collectors;

/** Starts and stops ingest: sets up the topics, connects to Kafka, runs the sources of the feeds. */
@QuarkusMain
@Singleton
@Default
public class IngestService implements QuarkusApplication {
    private final ServiceStart start;
    private final Map<String, Object> kafka;
    private final FeedMetrics metrics;
    private final SourceRunner sources = new SourceRunner();
    private volatile List<Runnable> stops = List.of();
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
            RecordTracing tracing,
            FeedMetrics metrics) {
        this.start = start;
        this.kafka = tracing.added(
                kafka, Map.of(Topics.RAW.name(), new SpanType("send " + Topics.RAW.name(), SpanKind.PRODUCER)));
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
            LiveFeeds live = liveFeeds(settings, configured, languages, feeds);
            DefinitionTopic<FeedDefinition> changes =
                    new DefinitionTopic<>(kafka, Topics.FEEDS, FeedDefinition.class, live::apply);
            start.await("Kafka (kafka.bootstrap.servers)", () -> {
                changes.readAll();
                return changes;
            });
            live.start();
            configured.stream().filter(one -> !one.live()).forEach(one -> {
                SourceState state = new SourceState();
                List<FeedSink> sinks = one.feeds().stream()
                        .map(feed -> feeds.register(feed, one.source().describe(), state)
                                .sink())
                        .toList();
                launch(settings, one.name(), one.source(), state, sinks, one.fromBeginning());
            });
            changes.follow();
            FeedControl control = new FeedControl(changes, live, feeds, Clock.systemUTC());
            stops = List.of(changes::close, live::disable);
            // Last, so that no request registers a feed of one of these names.
            started = Optional.of(new StartedIngest(publisher, feeds, control, settings.push(), languages));
            loadModel(languages);
        });
    }

    /** The first text would wait for the model of languages. */
    private static void loadModel(LanguageDetector languages) {
        Thread thread = new Thread(() -> languages.detect("The first text loads the model."), "language model");
        thread.setDaemon(true);
        thread.start();
    }

    private LiveFeeds liveFeeds(
            IngestSettings settings,
            List<FeedSources.Configured> configured,
            LanguageDetector languages,
            FeedRegistry registry) {
        Map<String, TweetSource> named = configured.stream()
                .filter(FeedSources.Configured::live)
                .collect(Collectors.toMap(FeedSources.Configured::name, FeedSources.Configured::source));
        Set<String> replays = configured.stream()
                .filter(one -> !one.live())
                .map(FeedSources.Configured::name)
                .collect(Collectors.toSet());
        LiveSources sources = new LiveSources(
                named,
                replays.contains(IngestSettings.BLUESKY)
                        ? Optional.empty()
                        : Optional.of(() -> FeedSources.bluesky(settings, languages, Clock.systemUTC())));
        LiveFeeds live = new LiveFeeds(
                registry,
                sources::find,
                (name, source, state, sinks, fromBeginning) ->
                        launch(settings, name, source, state, sinks, fromBeginning),
                replays);
        configured.stream()
                .filter(FeedSources.Configured::live)
                .forEach(one -> one.feeds().forEach(feed -> live.configure(feed, one.name(), one.fromBeginning())));
        return live;
    }

    private SourceHandle launch(
            IngestSettings settings,
            String name,
            TweetSource source,
            SourceState state,
            List<FeedSink> sinks,
            boolean fromBeginning) {
        return sources.start(kafka, name, state, sinks, metrics, source, fromBeginning, settings.commitInterval());
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
        stops.forEach(Runnable::run);
        sources.close();
        started.ifPresent(ingest -> ingest.publisher().close());
    }
}
