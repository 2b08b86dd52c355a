// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.reload.ModelWatcher;
import io.deeptweet.classifier.retry.Backoff;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.classifier.score.PrescoringInterceptor;
import io.deeptweet.classifier.score.Unscored;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
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

/**
 * The classifier as a service: sets up the topics, follows the models, and runs the topology once a first one is
 * active.
 */
@QuarkusMain
public class ClassifierService implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(ClassifierService.class);

    private final ClassifierConfig config;
    private final Map<String, Object> kafka;
    private final ActiveModel model;
    private final Running running;
    private final Meters meters;
    private final AtomicInteger exitCode = new AtomicInteger();

    @Inject
    ClassifierService(
            ClassifierConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            ActiveModel model,
            Running running,
            Meters meters) {
        this.config = config;
        this.kafka = kafka;
        this.model = model;
        this.running = running;
        this.meters = meters;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(ClassifierService::threadEnded);
        try {
            // All that can be wrong with the settings shows here, before anything is begun.
            Settings settings = Settings.of(config);
            SchemaIds ids = SchemaIds.ofRegistry(kafka);
            ReferenceScores references = new ReferenceScores();
            SentimentTopology topology = new SentimentTopology(
                    model,
                    ids,
                    settings.windows(),
                    settings.grace(),
                    settings.strongestWords(),
                    settings.drift(),
                    references,
                    Clock.systemUTC(),
                    meters);
            PrescoringInterceptor.Means ahead = new PrescoringInterceptor.Means(
                    model, ids, settings.strongestWords().keySet());
            SentimentStream stream = new SentimentStream(
                    topology.build(),
                    StreamSettings.of(settings, kafka, ahead, meters),
                    () -> meters.scored() + meters.rejected());
            Optional<ModelWatcher> watcher = settings.scoring()
                    ? Optional.of(new ModelWatcher(kafka, ids, model, references, meters))
                    : Optional.empty();
            running.are(stream, watcher);
            meters.follow(stream, settings.windows(), settings.drift().leastTweets());
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

    /** A stream thread that is replaced throws once more what it has told of before; of any other thread it is news. */
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
            running.started();
            stream.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        } catch (KafkaException | IllegalStateException e) {
            LOG.errorf("the classifier cannot start: %s", SentimentStream.rootMessage(e));
            exitCode.set(1);
            Quarkus.asyncExit(1);
        }
    }

    private void awaitModel(ModelWatcher watcher) {
        watcher.start();
        running.waitFor("a model: publish one and activate it");
        LOG.info("waiting for a model to be active");
    }

    private void passThrough() {
        LOG.warn("deeptweet.scoring is false: tweets are not scored, and no model is read");
        model.swap(new Unscored());
    }

    /** Waits for a broker that is not there yet. */
    private void setUp(TopicSetup topics) throws InterruptedException {
        Backoff outage = new Backoff();
        while (true) {
            try (Admin admin = Admin.create(kafka)) {
                TopicSetup.Outcome outcome = topics.ensure(admin);
                if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
                for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
                return;
            } catch (RetriableException e) {
                Backoff.Advice advice = outage.failed(SentimentStream.rootMessage(e));
                running.waitFor("Kafka at " + kafka.get("bootstrap.servers") + ": " + e.getMessage());
                if (advice.news())
                    LOG.errorf(
                            "Kafka at %s does not answer, which is tried again until it does: %s",
                            kafka.get("bootstrap.servers"), e.getMessage());
                TimeUnit.MILLISECONDS.sleep(advice.pause().toMillis());
            }
        }
    }
}
