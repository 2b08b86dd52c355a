// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.classifier.metrics.ModelMetrics;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.score.PassThroughScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.service.start.ServiceStart;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health, {@code /status} and metrics of a service whose broker does not answer. */
@QuarkusTest
@TestProfile(StatusIT.NoBroker.class)
class StatusIT {
    /** Nobody listens on port 1. */
    public static final class NoBroker implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.test-port", "0",
                    "kafka.bootstrap.servers", "localhost:1",
                    "deeptweet.state-dir", "target/status-it",
                    "deeptweet.address", "10.0.0.7:8091");
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    @TestHTTPResource("/")
    URI root;

    @Inject
    ServiceStart start;

    @Inject
    ClassifierService service;

    @Inject
    ClassifierState state;

    @Inject
    ActiveModel model;

    @Inject
    ModelMetrics models;

    @BeforeEach
    void startService() {
        if (state.metrics().isPresent()) return; // by the test before
        Thread starter = new Thread(() -> start.run("the classifier", service::start), "starter");
        starter.setDaemon(true);
        starter.start();
        await().atMost(PATIENCE).until(() -> state.metrics().isPresent());
    }

    @Test
    void aBrokerThatDoesNotAnswerIsWaitedForAndReadinessSaysSo() {
        await().atMost(PATIENCE).until(() -> get("q/health/ready").body().contains("waiting for Kafka at localhost:1"));
        assertThat(get("q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("q/health/live").statusCode()).isEqualTo(200);
        assertThat(status().path("state").asText()).isEqualTo("WAITING");
    }

    @Test
    void statusAndMetricsShowModelsTweetsAndDrift() {
        assertThat(status().toString())
                .isEqualTo("{\"state\":\"WAITING\",\"activeModel\":\"\",\"since\":\"\",\"shadow\":null,\"scored\":0,"
                        + "\"rejected\":0,\"duplicates\":0,\"lag\":null,\"refusedModels\":[],\"drift\":[],"
                        + "\"windowSizes\":[\"PT10S\",\"PT1M\",\"PT1H\"],\"hoppingSizes\":[],\"instances\":[]}");

        model.swap(new PassThroughScorer());
        models.swapped(Optional.empty(), "unscored", Duration.ofMillis(7));
        models.shadowed(Optional.empty(), Optional.of("v2"), Duration.ofMillis(7));
        models.refused("model v3 refused: for a test");
        StreamMetrics metrics = state.metrics().orElseThrow();
        metrics.scored(1_000, 20, 10);
        metrics.compared(new Score(0.5f, "unscored"), new Score(0.25f, "v2"));
        metrics.rejected(new Rejection("classifier", Rejection.Reason.NO_ID, "for a test", "tweets.raw-0@1"));
        metrics.duplicate();
        metrics.late(Duration.ofMinutes(1), 3);
        metrics.drift(new DriftWindow(
                "election",
                NOON,
                NOON.plusSeconds(3_600),
                500L,
                0.5,
                0.25,
                new ClassHistograms(List.of(), List.of(), List.of(0L, 0L, 0L, 0L, 0L, 500L, 0L, 0L, 0L, 0L)),
                null,
                Map.of("unscored", 500L),
                List.of("unknown")));

        JsonNode status = status();
        assertThat(status.path("activeModel").asText()).isEqualTo("unscored");
        assertThat(Instant.parse(status.path("since").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(status.path("shadow").toString())
                .isEqualTo("{\"version\":\"v2\",\"compared\":1,\"disagreed\":1.0,\"meanDifference\":0.25,"
                        + "\"failed\":0}");
        assertThat(status.path("scored").asLong()).isEqualTo(1);
        assertThat(status.path("rejected").asLong()).isEqualTo(1);
        assertThat(status.path("duplicates").asLong()).isEqualTo(1);
        assertThat(status.path("refusedModels").toString()).isEqualTo("[\"model v3 refused: for a test\"]");
        assertThat(status.path("drift").toString())
                .isEqualTo("[{\"feed\":\"election\",\"window\":\"2024-08-15T12:00:00Z\",\"tweets\":500,"
                        + "\"unknownRate\":0.5,\"uncertainShare\":0.25,\"psi\":null,\"alarms\":[\"unknown\"]}]");

        assertThat(get("q/metrics").body().lines())
                .contains(
                        "deeptweet_active_model_info{version=\"unscored\"} 1.0",
                        "deeptweet_shadow_model_info{version=\"v2\"} 1.0",
                        "deeptweet_shadow_difference_count{active=\"unscored\",shadow=\"v2\"} 1.0",
                        "deeptweet_shadow_disagreed_total{active=\"unscored\",shadow=\"v2\"} 1.0",
                        "deeptweet_shadow_failed_total{active=\"unscored\",shadow=\"v2\"} 0.0",
                        "deeptweet_model_refused_total 1.0",
                        "deeptweet_scored_total 1.0",
                        "deeptweet_rejected_total{reason=\"no-id\"} 1.0",
                        "deeptweet_late_total{window=\"PT1M\"} 3.0",
                        "deeptweet_late_total{window=\"PT1H\"} 0.0",
                        "deeptweet_drift_unknown{feed=\"election\"} 0.5",
                        "deeptweet_drift_alarm{feed=\"election\",measure=\"unknown\"} 1.0",
                        "deeptweet_drift_alarm{feed=\"election\",measure=\"psi\"} 0.0");
    }

    private JsonNode status() {
        try {
            return new ObjectMapper().readTree(get("status").body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(root.resolve(path)).build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
