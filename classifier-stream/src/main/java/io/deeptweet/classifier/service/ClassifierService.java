// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.metrics.ModelMetrics;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.model.ModelWatcher;
import io.deeptweet.classifier.progress.StartPositions;
import io.deeptweet.classifier.score.PassThroughScorer;
import io.deeptweet.classifier.stream.FaultLimit;
import io.deeptweet.classifier.stream.InternalTopics;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.classifier.stream.StreamsProperties;
import io.deeptweet.classifier.window.SharedRocksDbMemory;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.settings.SignatureSettings;
import io.deeptweet.service.start.ServiceStart;
import io.deeptweet.service.start.StartFailureHandler;
import io.deeptweet.service.trace.RecordTracing;
import io.deeptweet.service.trace.TracingInterceptor.SpanType;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.internals.StreamThread;
import org.jboss.logging.Logger;

/** The service: creates the topics, follows the models, and runs the topology once a model is active. */
@QuarkusMain
public class ClassifierService implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(ClassifierService.class);
    private static final String NAME = "the classifier";
    /** So that a supervisor starts it again; {@code EX_TEMPFAIL} of {@code sysexits.h}. */
    private static final int STOPPED_FOR_GOOD = 75;

    /** The spans by the topic where the outcome of a record of {@code tweets.raw} is written to. */
    private static final Map<String, SpanType> SPANS = Map.of(
            Topics.SCORED.name(), new SpanType("score " + Topics.RAW.name(), SpanKind.CONSUMER),
            Topics.REJECTED.name(), new SpanType("reject " + Topics.RAW.name(), SpanKind.CONSUMER));

    private final ClassifierSettings settings;
    private final Map<String, Object> kafka;
    private final RecordTracing tracing;
    private final ServiceStart start;
    private final ActiveModel model;
    private final ModelReferences references;
    private final ModelMetrics models;
    private final MeterRegistry registry;
    private final ClassifierState state;

    @Inject
    ClassifierService(
            ClassifierSettings settings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            RecordTracing tracing,
            ServiceStart start,
            ActiveModel model,
            ModelReferences references,
            ModelMetrics models,
            MeterRegistry registry,
            ClassifierState state) {
        this.settings = settings;
        this.kafka = kafka;
        this.tracing = tracing;
        this.start = start;
        this.model = model;
        this.references = references;
        this.models = models;
        this.registry = registry;
        this.state = state;
    }

    public static void main(String... arguments) {
        Quarkus.run(
                ClassifierService.class,
                new StartFailureHandler(NAME, ClassifierSettings.class, System::exit),
                arguments);
    }

    /** Runs until the service is stopped; 1 if it could not start, 75 if the stream has stopped for good. */
    @Override
    public int run(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(ClassifierService::threadEnded);
        if (!start.run(NAME, this::start)) return 1;
        Quarkus.waitForExit();
        return 0;
    }

    /**
     * The steps of the start. The watcher's thread builds the scorer while this one prepares the stream. The stream
     * joins its group only with a model: an instance without one would take partitions and not process them.
     */
    void start() throws InterruptedException {
        Settings.checked(ClassifierSettings.class);
        StreamsProperties properties = StreamFactory.properties(settings);
        ModelSignatures signatures = SignatureSettings.read(
                Optional.empty(), Optional.empty(), settings.models().publicKeys());
        SchemaIds ids = SchemaIds.ofRegistry(kafka);
        StreamMetrics metrics = new StreamMetrics(
                registry,
                models,
                StreamFactory.allWindows(settings),
                settings.drift().leastTweets());
        state.reportedBy(metrics);
        AlertControl alerts = new AlertControl(settings, kafka, ids, registry, new AlertExamples(state::tweetSearch));

        start.awaitTopics(settings.topics().setup());
        start.awaitRegistry();
        if (settings.scoring()) follow(new ModelWatcher(kafka, ids, signatures, model, references, models));
        else passThrough();
        start.await("Kafka (kafka.bootstrap.servers)", () -> {
            alerts.readRules();
            return alerts;
        });
        SentimentTopology topology = new SentimentTopology(
                StreamFactory.topology(settings), model, references, alerts.inputs(), ids, Clock.systemUTC(), metrics);
        int replicas = awaitInternalTopics(topology);
        SentimentStream stream = StreamFactory.stream(
                topology,
                properties.replicatedAs(replicas),
                tracing.added(kafka, SPANS),
                metrics,
                new FaultLimit(settings.faults().limit(), settings.faults().window()),
                () -> Quarkus.asyncExit(STOPPED_FOR_GOOD));
        state.running(stream, ids);
        alerts.start();
        state.alertedBy(alerts);
        metrics.bind(stream);
        SharedRocksDbMemory.load();
        if (model.version().isEmpty()) {
            start.waitsFor("a model: publish one and activate it");
            LOG.info("waiting for a model: publish one and activate it");
        }
        model.awaitFirst();
        StartPositions positions = new StartPositions(kafka, settings.applicationId(), settings.lostOffsets());
        start.askKafka(admin -> {
            positions.ensure(admin);
            return Optional.empty();
        });
        stream.start();
    }

    /** Checks and grows what Kafka Streams has created before; returns the replicas of {@code tweets.raw}. */
    private int awaitInternalTopics(SentimentTopology topology) throws InterruptedException {
        InternalTopics topics = StreamFactory.internalTopics(topology, settings);
        InternalTopics.Outcome outcome =
                start.askKafka(admin -> topics.ensure(admin, settings.topics().allowSingleReplica()));
        if (!outcome.grown().isEmpty())
            LOG.infof("gave %s as many partitions as %s has", String.join(", ", outcome.grown()), Topics.RAW);
        for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
        return outcome.replicas();
    }

    private void follow(ModelWatcher watcher) {
        state.following(watcher);
        watcher.start();
    }

    private void passThrough() {
        LOG.warn("deeptweet.scoring is false: tweets are not scored, and no model is read");
        model.swap(new PassThroughScorer());
    }

    /** Logs the end of a thread, but not that of a stream thread, whose fault the stream has reported. */
    private static void threadEnded(Thread thread, Throwable thrown) {
        LOG.logf(
                thread instanceof StreamThread ? Logger.Level.DEBUG : Logger.Level.ERROR,
                thrown,
                "thread %s ended",
                thread.getName());
        if (endsProcess(thread, thrown)) Quarkus.asyncExit(STOPPED_FOR_GOOD);
    }

    /**
     * Whether the process cannot go on without a thread: without memory nothing is sure, and a stream whose state
     * updater has ended waits for it forever.
     */
    static boolean endsProcess(Thread thread, Throwable thrown) {
        return thrown instanceof OutOfMemoryError || thread.getName().contains("-StateUpdater-");
    }
}
