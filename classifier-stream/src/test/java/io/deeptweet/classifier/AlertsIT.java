// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of rules that are written while the classifier runs, on their topic, over HTTP and at webhooks. */
class AlertsIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET =
            "whsec_" + Base64.getEncoder().encodeToString("twenty-four secret bytes".getBytes(UTF_8));

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    /** A request that a webhook got. */
    private record Received(String path, Map<String, String> headers, String body) {}

    @Test
    void anAlertFiresAndClearsOnceAlsoWhenTheClassifierIsKilledAndReachesTheWebhooks() throws Exception {
        List<Received> received = new CopyOnWriteArrayList<>();
        HttpServer server = webhooks(received);
        Map<String, String> settings = new HashMap<>(Map.of(
                "DEEPTWEET_APPLICATION_ID", "alerts-it",
                "DEEPTWEET_WINDOW_GRACE", "1h",
                "DEEPTWEET_ALERTS_DASHBOARD_URL", "https://example.org/sentiment",
                "DEEPTWEET_ALERTS_RULES_HANDS_CONDITION", "lag",
                "DEEPTWEET_ALERTS_RULES_HANDS_THRESHOLD", "1000000",
                "DEEPTWEET_ALERTS_WEBHOOKS_OPS_URL", address(server) + "/ops?token=hidden",
                "DEEPTWEET_ALERTS_WEBHOOKS_OPS_SECRET", SECRET,
                "DEEPTWEET_ALERTS_WEBHOOKS_CHAT_URL", address(server) + "/chat",
                "DEEPTWEET_ALERTS_WEBHOOKS_CHAT_FORMAT", "slack"));
        try (TestTopics topics = TestTopics.empty()) {
            String log;
            try (ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("one"), settings)) {
                classifier.awaitNotReady("waiting for a model");
                topics.publish(TestModels.published(TestModels.constant("negative", 0.1)));
                classifier.awaitReady();
                rules(classifier);
                topics.send(tweets("first", NOON));
                topics.send(tweets("second", NOON.plusSeconds(10)));
                await().atMost(PATIENCE)
                        .until(() -> json(classifier, "/alerts").path("active").size() == 1);
                JsonNode active =
                        json(classifier, "/alerts?feed=election").path("active").get(0);
                assertThat(active.path("id").asText()).isEqualTo("angry/election/" + NOON + "/fired");
                assertThat(active.path("reason").asText()).startsWith("100.0 % of ");
                assertThat(json(classifier, "/alerts?feed=other").path("active"))
                        .isEmpty();
                await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_alerts_active") == 1);
                await().atMost(PATIENCE).until(() -> delivered(received, "/ops") == 1);
                log = classifier.log();
                classifier.kill();
            }
            try (ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("two"), settings)) {
                classifier.awaitReady();
                topics.publish(TestModels.published(TestModels.constant("positive", 0.9)));
                await().atMost(PATIENCE)
                        .until(() ->
                                classifier.status().path("activeModel").asText().startsWith("positive"));
                // The rule is looked at every second.
                await("the feed stays silent")
                        .during(Duration.ofSeconds(4))
                        .atMost(PATIENCE)
                        .until(() -> told(topics, "quiet").size() == 1);
                Instant third = Instant.now();
                topics.send(tweets("third", NOON.plusSeconds(20)));
                await().atMost(PATIENCE).until(() -> told(topics, "angry").size() == 2);
                await().atMost(PATIENCE).until(() -> told(topics, "quiet").size() >= 2);
                assertThat(told(topics, "quiet").get(1).getState()).isEqualTo(AlertState.CLEARED);
                assertThat(told(topics, "quiet").get(1).getAt())
                        .as("not before a tweet came")
                        .isAfter(third);
                await().atMost(PATIENCE)
                        .until(() -> delivered(received, "/ops") == 2 && delivered(received, "/chat") == 2);
                assertThat(active(classifier, "angry")).isEmpty();
                assertThat(json(classifier, "/alerts").path("recent"))
                        .filteredOn(alert -> alert.path("rule").asText().equals("angry"))
                        .extracting(alert -> alert.path("state").asText())
                        .containsExactly("cleared", "fired");
                assertThat(json(classifier, "/alerts/rules"))
                        .extracting(rule -> rule.path("name").asText())
                        .as("rules outlive a restart")
                        .containsExactly("angry", "hands", "quiet");
                assertThat(change(classifier, "DELETE", "angry", "").statusCode())
                        .isEqualTo(204);
                log += classifier.log();
            }
            assertThat(told(topics, "angry"))
                    .as("exactly once")
                    .extracting(Alert::getState)
                    .containsExactly(AlertState.FIRED, AlertState.CLEARED);
            assertThat(log).doesNotContain("hidden").doesNotContain(SECRET);
        } finally {
            server.stop(0);
        }
        webhookBodies(received);
    }

    private void rules(ClassifierProcess classifier) throws IOException, InterruptedException {
        String rule = "{\"feed\": \"election\", \"condition\": \"negative-share\", \"window\": \"10s\","
                + " \"threshold\": 0.5, \"minimumCount\": 3, \"coolDown\": \"0s\"}";
        assertThat(change(classifier, "PUT", "angry", rule).statusCode()).isEqualTo(201);
        assertThat(change(classifier, "PUT", "angry", rule).statusCode()).isEqualTo(200);
        String silence =
                "{\"feed\": \"election\", \"condition\": \"silence\", \"duration\": \"5s\", \"coolDown\": \"1h\"}";
        assertThat(change(classifier, "PUT", "quiet", silence).statusCode()).isEqualTo(201);
        assertRefused(classifier, 400, "PUT", "angry", rule.replace("0.5", "5"), "threshold is 5.0: use a share");
        assertRefused(classifier, 400, "PUT", "angry", rule.replace("10s", "7s"), "window is PT7S: use one of PT10S");
        assertRefused(classifier, 400, "PUT", "angry", "{\"condition\": \"anger\"}", "condition is \"anger\": use one");
        assertRefused(classifier, 400, "PUT", "angry", "{", "the body is not JSON");
        assertRefused(classifier, 409, "PUT", "hands", rule, "the settings define the rule hands");
        assertRefused(classifier, 409, "DELETE", "hands", "", "the settings define the rule hands");
        assertRefused(classifier, 404, "DELETE", "none", "", "there is no rule \"none\"");
    }

    private void assertRefused(
            ClassifierProcess classifier, int status, String method, String rule, String body, String reason)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = change(classifier, method, rule, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).startsWith(reason);
    }

    private HttpResponse<String> change(ClassifierProcess classifier, String method, String rule, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + classifier.address() + "/alerts/rules/" + rule))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private Optional<JsonNode> active(ClassifierProcess classifier, String rule) throws IOException {
        for (JsonNode alert : json(classifier, "/alerts?feed=election").path("active"))
            if (alert.path("rule").asText().equals(rule)) return Optional.of(alert);
        return Optional.empty();
    }

    /** What the topic holds of a rule; one partition has it all. */
    private static List<Alert> told(TestTopics topics, String rule) {
        return topics.values(Topics.ALERTS, Alert.class).stream()
                .filter(alert -> alert.getRule().equals(rule))
                .toList();
    }

    private JsonNode json(ClassifierProcess classifier, String path) throws IOException {
        return JSON.readTree(classifier.body(path));
    }

    private static List<Tweet> tweets(String prefix, Instant at) {
        return IntStream.range(0, 4)
                .mapToObj(i -> new Tweet(
                        prefix + "-" + i, "<b>hate</b> & hate", "election", "en", null, at, at, TweetKind.POST))
                .toList();
    }

    /** The address {@code /ops} answers its first request with 503. */
    private static HttpServer webhooks(List<Received> received) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean first = path.equals("/ops")
                    && received.stream().noneMatch(each -> each.path().equals(path));
            received.add(new Received(path, headers, body));
            exchange.sendResponseHeaders(first ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The number of different alerts of {@code angry} that an address has got, without the first of {@code /ops}. */
    private static long delivered(List<Received> received, String path) {
        return received.stream()
                .filter(each -> each.path().equals(path))
                .skip(path.equals("/ops") ? 1 : 0)
                .map(each -> each.headers().get("webhook-id"))
                .filter(id -> id.startsWith("angry/"))
                .distinct()
                .count();
    }

    private static void webhookBodies(List<Received> received) throws Exception {
        List<Received> ops =
                received.stream().filter(each -> each.path().equals("/ops")).toList();
        assertThat(ops.stream().skip(1).map(each -> each.headers().get("webhook-id")))
                .as("tried again")
                .contains(ops.get(0).headers().get("webhook-id"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("twenty-four secret bytes".getBytes(UTF_8), "HmacSHA256"));
        for (Received each : ops) {
            String signed = each.headers().get("webhook-id") + "."
                    + each.headers().get("webhook-timestamp") + "." + each.body();
            assertThat(each.headers())
                    .containsEntry(
                            "webhook-signature",
                            "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
        }
        JsonNode fired = JSON.readTree(alert(received, "/ops", "angry/").body());
        assertThat(fired.path("type").asText()).isEqualTo("deeptweet.alert.fired");
        assertThat(fired.path("data").path("feed").asText()).isEqualTo("election");
        assertThat(fired.path("data").path("link").asText())
                .isEqualTo("https://example.org/sentiment/#/feed/election?size=PT10S&at=" + NOON);
        assertThat(fired.path("data").path("examples"))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(example.path("text").asText()).isEqualTo("<b>hate</b> & hate"));
        String chat = alert(received, "/chat", "angry/").body();
        assertThat(JSON.readTree(chat).path("text").asText()).startsWith("Alert angry/election: 100.0 % of ");
        assertThat(chat).contains("&lt;b&gt;hate&lt;/b&gt; &amp; hate");
    }

    private static Received alert(List<Received> received, String path, String id) {
        return received.stream()
                .filter(each -> each.path().equals(path)
                        && each.headers().get("webhook-id").startsWith(id))
                .findFirst()
                .orElseThrow();
    }
}
