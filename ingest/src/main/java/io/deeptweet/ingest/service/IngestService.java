// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Ingest as a service: sets up the topics, connects to Kafka, starts the feeds' sources. Ready once it has. */
@QuarkusMain
@Singleton
@Default
@Readiness
public class IngestService implements QuarkusApplication, HealthCheck {
    private static final Logger LOG = Logger.getLogger(IngestService.class);

    /** What runs once the service has started. */
    record Started(TweetPublisher publisher, Settings settings) {}

    private final IngestConfig config;
    private final Map<String, Object> kafka;
    private final Feeds feeds;
    private volatile Optional<Started> started = Optional.empty();

    @Inject
    IngestService(IngestConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka, Feeds feeds) {
        this.config = config;
        this.kafka = kafka;
        this.feeds = feeds;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        try {
            Settings settings = Settings.of(config, Clock.systemUTC());
            setUp(settings.topics());
            TweetPublisher publisher = TweetPublisher.connect(kafka);
            settings.feeds().forEach((feed, source) -> feeds.start(feed, source, publisher));
            started = Optional.of(
                    new Started(publisher, settings)); // last, so that no push takes the name of one of them
        } catch (KafkaException | IllegalArgumentException e) {
            LOG.errorf("ingest cannot start: %s", sentence(e));
            return 1;
        }
        Quarkus.waitForExit();
        return 0;
    }

    private void setUp(TopicSetup topics) {
        try (Admin admin = Admin.create(kafka)) {
            TopicSetup.Outcome outcome = topics.ensure(admin);
            if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
            for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
        }
    }

    private String sentence(RuntimeException e) {
        if (e instanceof TimeoutException)
            return "no Kafka broker answered at " + kafka.get("bootstrap.servers") + " (" + e.getMessage()
                    + "): start it, or set kafka.bootstrap.servers";
        // Kafka's clients say by themselves only that they cannot be made, by their cause why.
        return e.getClass() == KafkaException.class && e.getCause() != null
                ? e.getMessage() + ": " + e.getCause().getMessage()
                : e.getMessage();
    }

    /** Empty until the service has started. */
    Optional<Started> started() {
        return started;
    }

    /**
     * Sources first, then what they have sent. Requests have been answered by then: {@code quarkus.shutdown.timeout}.
     */
    @PreDestroy
    void stop() {
        feeds.stop();
        started.ifPresent(running -> running.publisher().close());
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> fault = started.isEmpty()
                ? Optional.of("starting")
                : started.get().publisher().fault();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("Kafka takes tweets").status(fault.isEmpty());
        fault.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
