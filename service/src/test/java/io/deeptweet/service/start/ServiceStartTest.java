// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceStartTest {
    /** Port 1 refuses connections. */
    private final ServiceStart start = new ServiceStart(
            Map.of("bootstrap.servers", "localhost:1", "schema.registry.url", "http://user:secret@localhost:1"));

    @Test
    void aServiceIsReadyOnceItsStepsAreDone() {
        assertThat(readiness().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(readiness().getData().orElseThrow()).containsEntry("reason", "starting");
        assertThat(start.run("ingest", () -> {})).isTrue();
        assertThat(readiness().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(readiness().getData()).isEmpty();
    }

    @Test
    void aStepIsRepeatedUntilItIsAnswered() {
        AtomicInteger attempts = new AtomicInteger();
        boolean started = start.run("ingest", () -> {
            int answered = start.await("the registry", () -> {
                if (attempts.incrementAndGet() < 3) throw new KafkaException("wrapped", new TimeoutException("late"));
                return attempts.get();
            });
            assertThat(answered).isEqualTo(3);
        });
        assertThat(started).isTrue();
    }

    @Test
    void aMissingRightEndsTheStartAndIsNotWaitedFor() {
        assertThat(start.run(
                        "ingest",
                        () -> start.await("Kafka", () -> {
                            throw new GroupAuthorizationException("g");
                        })))
                .isFalse();
        assertThat(start.hindrance().orElseThrow())
                .contains("g")
                .endsWith(": give the client's principal the rights that docs/operations.md lists");
    }

    @Test
    void readinessTellsWhatTheStartWaitsFor() throws Exception {
        CountDownLatch failed = new CountDownLatch(2);
        CompletableFuture<Boolean> started = CompletableFuture.supplyAsync(() -> start.run(
                "ingest",
                () -> start.await("Kafka at localhost:1", () -> {
                    failed.countDown();
                    throw new TimeoutException("no broker");
                })));
        failed.await();
        assertThat(readiness().getData().orElseThrow())
                .containsEntry("reason", "waiting for Kafka at localhost:1: no broker");
        start.stop(new ShutdownEvent());
        assertThat(started.get(10, TimeUnit.SECONDS))
                .as("a stop ends the waiting")
                .isFalse();
    }

    @Test
    void aRegistryThatDoesNotAnswerIsWaitedForWithoutShowingThePassword() throws Exception {
        CompletableFuture<Boolean> started =
                CompletableFuture.supplyAsync(() -> start.run("ingest", start::awaitRegistry));
        await().atMost(Duration.ofSeconds(50))
                .until(() -> readiness().getData().toString().contains("cannot be reached"));
        assertThat(readiness().getData().toString()).contains("localhost:1").doesNotContain("secret");
        start.stop(new ShutdownEvent());
        assertThat(started.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aRegistryThatAnswersLaterIsWaitedFor() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            boolean ready = requests.incrementAndGet() > 2;
            byte[] answer = (ready ? "{\"error_code\": 40403, \"message\": \"no such schema\"}" : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(ready ? 404 : 503, answer.length);
            try (exchange) {
                exchange.getResponseBody().write(answer);
            }
        });
        registry.start();
        try {
            ServiceStart start = new ServiceStart(Map.of(
                    "schema.registry.url",
                    "http://localhost:" + registry.getAddress().getPort()));
            assertThat(start.run("ingest", start::awaitRegistry)).isTrue();
            assertThat(requests).hasValue(3);
        } finally {
            registry.stop(0);
        }
    }

    @Test
    void faultsThatAreNotRetriableEndTheStart() {
        for (RuntimeException fault : new RuntimeException[] {
            new InvalidConfigurationException("topic tweets.raw has partitions 2 where DeepTweet needs 4"),
            new KafkaException("Failed to create new KafkaAdminClient", new ConfigException("no such host")),
            new IllegalArgumentException("deeptweet.window.grace is -5s: use zero or longer")
        })
            assertThat(start.run(
                            "ingest",
                            () -> start.await("Kafka", () -> {
                                throw fault;
                            })))
                    .isFalse();
        assertThat(start.hindrance()).contains("deeptweet.window.grace is -5s: use zero or longer");
    }

    private HealthCheckResponse readiness() {
        return new StartCheck(start).call();
    }
}
