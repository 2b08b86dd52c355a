// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.service.retry.Backoff;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * The start of a service. Brokers and registries that do not answer are waited for, with back-off; any other fault ends
 * the start.
 *
 * <p>A service runs its start in {@code QuarkusApplication.run}, when HTTP already answers:
 *
 * <pre>{@code
 * if (!start.run("ingest", () -> {
 *     start.awaitTopics(settings.topics());
 *     start.awaitRegistry();
 *     …
 * })) return 1;
 * }</pre>
 */
@Singleton
public class ServiceStart {
    private static final Logger LOG = Logger.getLogger(ServiceStart.class);

    /** Services start side by side with their broker and registry, so the pauses are short. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** How long one attempt waits for Kafka: after it the log tells what the start waits for. */
    private static final Duration ATTEMPT = Duration.ofSeconds(10);

    /** How long brokers are waited for that a topic's replicas need, before the replication factor counts as wrong. */
    private static final Duration REPLICAS_PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Object> kafka;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Optional<String> hindrance = Optional.of("starting");

    /** @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security */
    @Inject
    public ServiceStart(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** The steps of a start. */
    public interface Steps {
        /** @throws InterruptedException if the service is stopped meanwhile */
        void run() throws InterruptedException;
    }

    /**
     * Runs the steps of a start. If one fails, logs why in a sentence.
     *
     * @param service the service's name, such as {@code ingest}
     * @return whether the service has started; if not, it should exit with code 1
     */
    public boolean run(String service, Steps steps) {
        try {
            steps.run();
            checkStopping();
            hindrance = Optional.empty();
            return true;
        } catch (KafkaException | IllegalArgumentException | IllegalStateException e) {
            String reason = sentence(e);
            hindrance = Optional.of(reason);
            LOG.errorf("%s cannot start: %s", service, reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /**
     * Waits until Kafka answers, creates the topics that are missing, and logs where existing ones differ.
     *
     * @throws io.deeptweet.schemas.topic.TopicMismatchException if an existing topic would lose or misplace records
     * @throws KafkaException if Kafka refuses, such as a wrong password
     */
    public void awaitTopics(TopicSetup topics) throws InterruptedException {
        long start = System.nanoTime();
        TopicSetup.Outcome outcome = askKafka(admin -> {
            try {
                return topics.ensure(admin);
            } catch (InvalidReplicationFactorException e) {
                if (System.nanoTime() - start > REPLICAS_PATIENCE.toNanos()) throw e;
                throw new TooFewBrokersException(e);
            }
        });
        if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
        for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
    }

    /**
     * Waits until Kafka answers a question.
     *
     * @throws KafkaException if Kafka refuses
     */
    public <T> T askKafka(Function<Admin, T> question) throws InterruptedException {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) ATTEMPT.toMillis());
        return await(
                "Kafka at " + kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) + " (kafka.bootstrap.servers)",
                () -> {
                    try (Admin admin = Admin.create(settings)) {
                        return question.apply(admin);
                    }
                });
    }

    /** Waits until the schema registry answers. */
    public void awaitRegistry() throws InterruptedException {
        await("the schema registry (kafka.schema.registry.url)", () -> {
            SchemaIds.checkRegistry(kafka);
            return Optional.empty();
        });
    }

    /**
     * Runs a step until Kafka and the registry answer it. Each new fault is logged once.
     *
     * @param waitsFor what answers the step, such as {@code the schema registry}
     * @param step throws a {@link RetriableException}, or one that such an exception caused, if it should be tried
     *     again
     */
    public <T> T await(String waitsFor, Supplier<T> step) throws InterruptedException {
        Backoff backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
        hindrance = Optional.of("waiting for " + waitsFor);
        while (true) {
            checkStopping();
            try {
                T result = step.get();
                hindrance = Optional.of("starting");
                return result;
            } catch (KafkaException e) {
                if (!isRetriable(e)) throw e;
                String fault = sentence(e);
                hindrance = Optional.of("waiting for " + waitsFor + ": " + fault);
                Backoff.Advice advice = backoff.failed(fault);
                if (advice.isNew()) LOG.warnf("waiting for %s, trying again until it answers: %s", waitsFor, fault);
                if (stopping.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS)) checkStopping();
            }
        }
    }

    /** Says what the start waits for after the steps above, such as {@code a model: publish one and activate it}. */
    public void waitsFor(String what) {
        hindrance = Optional.of("waiting for " + what);
    }

    /** Why the service has not started yet; empty once it has. */
    public Optional<String> hindrance() {
        return hindrance;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    private void checkStopping() throws InterruptedException {
        if (stopping.getCount() == 0) throw new InterruptedException("the service is stopping");
    }

    private static boolean isRetriable(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause())
            if (cause instanceof RetriableException) return true;
        return false;
    }

    /** Kafka's clients say only that they could not be made; the cause says why. */
    private static String sentence(RuntimeException e) {
        if (e.getMessage() == null) return e.toString();
        if (e instanceof AuthorizationException)
            return e.getMessage() + ": give the client's principal the rights that docs/operations.md lists";
        if (e instanceof AuthenticationException)
            return e.getMessage() + ": correct the credentials (kafka.sasl.jaas.config) or the certificates"
                    + " (kafka.ssl.*)";
        if (e.getClass() != KafkaException.class || e.getCause() == null) return e.getMessage();
        Throwable root = e.getCause();
        while (root.getCause() != null) root = root.getCause();
        String settings = e.getMessage().contains("create new") ? ": correct the client settings (kafka.*)" : "";
        return e.getMessage() + ": " + root.getMessage() + settings;
    }

    /** The brokers of a cluster start one after the other: those that are missing may still come. */
    private static final class TooFewBrokersException extends RetriableException {
        private static final long serialVersionUID = 1L;

        TooFewBrokersException(InvalidReplicationFactorException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
