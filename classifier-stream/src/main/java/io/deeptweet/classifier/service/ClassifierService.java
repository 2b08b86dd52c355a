// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.metrics.ModelMetrics;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelWatcher;
import io.deeptweet.classifier.model.ReferenceHistograms;
import io.deeptweet.classifier.prescore.PrescoringInterceptor;
import io.deeptweet.classifier.score.PassThroughScorer;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.service.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.processor.internals.StreamThread;
import org.jboss.logging.Logger;

/** The service: creates the topics, follows the models, and runs the topology once a model is active. */
@QuarkusMain
public class ClassifierService implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(ClassifierService.class);

    private final ClassifierConfig config;
    private final Map<String, Object> kafka;
    private final ActiveModel model;
    private final ClassifierState state;
    private final ModelMetrics models;
    private final MeterRegistry registry;
    private final AtomicInteger exitCode = new AtomicInteger();

    @Inject
    ClassifierService(
            ClassifierConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            ActiveModel model,
            ClassifierState state,
            ModelMetrics models,
            MeterRegistry registry) {
        this.config = config;
        this.kafka = kafka;
        this.model = model;
        this.state = state;
        this.models = models;
        this.registry = registry;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(ClassifierService::threadEnded);
        try {
            // All that can be wrong with the settings shows here, before anything is begun.
            Settings settings = Settings.of(config);
            SchemaIds ids = SchemaIds.ofRegistry(kafka);
            ReferenceHistograms references = new ReferenceHistograms();
            StreamMetrics metrics = new StreamMetrics(
                    registry,
                    models,
                    settings.topology().windows(),
                    settings.topology().drift().leastTweets());
            SentimentTopology topology =
                    new SentimentTopology(settings.topology(), model, references, ids, Clock.systemUTC(), metrics);
            PrescoringInterceptor.Config prescoring = new PrescoringInterceptor.Config(
                    model, ids, settings.topology().strongestWords().keySet());
            SentimentStream stream = new SentimentStream(
                    topology.build(),
                    settings.streams().with(kafka, prescoring, metrics),
                    () -> metrics.scored() + metrics.rejected());
            Optional<ModelWatcher> watcher = settings.scoring()
                    ? Optional.of(new ModelWatcher(kafka, ids, model, references, models))
                    : Optional.empty();
            state.created(stream, watcher, metrics);
            metrics.bind(stream);
            Thread starter = new Thread(() -> start(settings.topics(), watcher, stream), "starter");
            starter.setDaemon(true);
            starter.start();
        } catch (KafkaException | IllegalArgumentException e) {
            LOG.errorf("the classifier cannot start: %s", SentimentStream.rootMessage(e));
            return 1;
        }
        Quarkus.waitForExit();
        return exitCode.get();
    }

    /** Logs the end of a thread, but not that of a stream thread, whose fault the stream has reported. */
    private static void threadEnded(Thread thread, Throwable thrown) {
        LOG.logf(
                thread instanceof StreamThread ? Logger.Level.DEBUG : Logger.Level.ERROR,
                thrown,
                "thread %s ended",
                thread.getName());
    }

    private void start(TopicSetup topics, Optional<ModelWatcher> watcher, SentimentStream stream) {
        try {
            setUp(topics);
            watcher.ifPresentOrElse(this::awaitModel, this::passThrough);
            model.awaitFirst();
            state.started();
            stream.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException | IllegalStateException e) {
            LOG.errorf("the classifier cannot start: %s", SentimentStream.rootMessage(e));
            exitCode.set(1);
            Quarkus.asyncExit(1);
        }
    }

    private void awaitModel(ModelWatcher watcher) {
        watcher.start();
        state.waitFor("a model: publish one and activate it");
        LOG.info("waiting for a model: publish one and activate it");
    }

    private void passThrough() {
        LOG.warn("deeptweet.scoring is false: tweets are not scored, and no model is read");
        model.swap(new PassThroughScorer());
    }

    /** Waits until Kafka answers. */
    private void setUp(TopicSetup topics) throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try (Admin admin = Admin.create(kafka)) {
                TopicSetup.Outcome outcome = topics.ensure(admin);
                if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
                for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
                return;
            } catch (RetriableException e) {
                Backoff.Advice advice = backoff.failed(SentimentStream.rootMessage(e));
                state.waitFor("Kafka at " + kafka.get("bootstrap.servers") + ": " + e.getMessage());
                if (advice.isNew())
                    LOG.errorf(
                            "Kafka at %s does not answer; retrying until it does: %s",
                            kafka.get("bootstrap.servers"), e.getMessage());
                TimeUnit.MILLISECONDS.sleep(advice.pause().toMillis());
            }
        }
    }
}
