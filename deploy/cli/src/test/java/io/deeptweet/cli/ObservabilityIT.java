// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.FakeCollector.Span;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack with traces, logs as JSON, and small log files. */
class ObservabilityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration EXPORTED_WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOG_SIZE = 4 * 1024;

    @TempDir
    static Path folder;

    private static FakeCollector collector;
    private static ScriptProcess up;
    private static Map<String, String> addresses;

    @BeforeAll
    static void start() throws IOException {
        collector = new FakeCollector();
        List<String> arguments = new ArrayList<>(List.of("up", "--no-feed", "--log-size=4k", "--log-files=900"));
        arguments.add("--data=" + folder.resolve("data"));
        arguments.addAll(ScriptProcess.freePorts());
        up = ScriptProcess.start(
                folder,
                arguments,
                Map.of(
                        "QUARKUS_OTEL_SDK_DISABLED", "false",
                        "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(),
                        "QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                        "QUARKUS_OTEL_TRACES_SAMPLER_ARG", "1",
                        "QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"));
        await().atMost(PATIENCE).until(() -> up.output().contains("Ctrl-C stops everything") || !up.isAlive());
        assertThat(up.isAlive()).as(up.output()).isTrue();
        addresses =
                ScriptProcess.installation(folder).runningStack().addresses().orElseThrow();
    }

    @AfterAll
    static void stop() {
        up.close();
        collector.close();
    }

    /** Of each record of a topic, by key, its trace header. */
    private static Map<String, Optional<String>> traces(Topic topic) {
        Map<String, Optional<String>> traces = new TreeMap<>();
        CommittedReader.readAll(
                addresses,
                topic,
                record -> traces.put(
                        new String(record.key(), UTF_8),
                        Optional.ofNullable(record.headers().lastHeader("traceparent"))
                                .map(Header::value)
                                .map(value -> new String(value, UTF_8))));
        return traces;
    }

    private static Span awaitSpan(String name, String trace) {
        await().atMost(PATIENCE).until(() -> !spans(name, trace).isEmpty());
        return spans(name, trace).get(0);
    }

    private static List<Span> spans(String name, String trace) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name) && span.trace().equals(trace))
                .toList();
    }

    /** Spans are sent without a guarantee, and a tweet that is scored again after a fault has two. */
    @Test
    void aTraceGoesFromTheRequestThroughKafkaToTheScore() {
        AtomicInteger attempts = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> hasWholeTrace("t" + attempts.incrementAndGet()));
    }

    private static boolean hasWholeTrace(String id) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://localhost:" + addresses.get("ingest.port") + "/tweets"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"id\": \"" + id + "\", \"text\": \"what a day\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> traces(Topics.SCORED).containsKey(id));
        String raw = traces(Topics.RAW).get(id).orElseThrow();
        String trace = raw.split("-")[1];
        List<String> names = List.of("POST /tweets", "send tweets.raw", "score tweets.raw");
        try {
            await().atMost(EXPORTED_WITHIN)
                    .until(() ->
                            names.stream().allMatch(name -> spans(name, trace).size() == 1));
        } catch (ConditionTimeoutException e) {
            return false;
        }
        Span request = spans(names.get(0), trace).get(0);
        Span send = spans(names.get(1), trace).get(0);
        Span score = spans(names.get(2), trace).get(0);
        assertThat(send.parent()).isEqualTo(request.id());
        assertThat(score.parent()).isEqualTo(send.id());
        assertThat(raw).isEqualTo("00-" + trace + "-" + send.id() + "-01");
        assertThat(traces(Topics.SCORED).get(id)).contains("00-" + trace + "-" + score.id() + "-01");
        return true;
    }

    @Test
    void wrongHeadersOfOtherProducersStartNewTraces() {
        AvroSerializer<Tweet> serializer = new AvroSerializer<>(SchemaIds.ofRegistry(addresses));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(Map.copyOf(addresses), new ByteArraySerializer(), new ByteArraySerializer())) {
            Map.of("malformed", "00-zz", "huge", "0".repeat(50_000)).forEach((id, header) -> {
                Instant now = Instant.now();
                Tweet tweet = new Tweet(id, "what a day", "foreign", null, null, now, now, TweetKind.POST);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        Topics.RAW.name(), id.getBytes(UTF_8), serializer.serialize(Topics.RAW.name(), tweet));
                record.headers().add("traceparent", header.getBytes(UTF_8));
                producer.send(record);
            });
        }
        await().atMost(PATIENCE).until(() -> traces(Topics.SCORED).keySet().containsAll(List.of("malformed", "huge")));
        for (String id : List.of("malformed", "huge")) {
            String[] header = traces(Topics.SCORED).get(id).orElseThrow().split("-");
            assertThat(awaitSpan("score tweets.raw", header[1]).parent()).isEmpty();
        }
    }

    @Test
    void theServicesLogJson() throws IOException {
        for (String service : List.of("ingest", "classifier", "trainer")) {
            List<JsonNode> lines = new ArrayList<>();
            for (Path file : logs(folder.resolve("data"), service))
                for (String line : Files.readAllLines(file))
                    if (!line.startsWith("WARNING: Using incubator modules"))
                        lines.add(JSON.readTree(line)); // the JVM's
            assertThat(lines).as(service).isNotEmpty().allSatisfy(line -> {
                assertThat(line.path("level").isTextual()).isTrue();
                assertThat(line.path("message").isTextual()).isTrue();
                assertThat(line.path("timestamp").isTextual()).isTrue();
            });
        }
    }

    @Test
    void logsAreDividedIntoSmallFilesOfWholeLines() throws IOException {
        List<Path> broker = logs(folder.resolve("data/broker"), "broker");
        assertThat(broker).hasSizeGreaterThan(3);
        for (Path file : broker) {
            String text = Files.readString(file);
            String lastLine =
                    text.stripTrailing().substring(text.stripTrailing().lastIndexOf('\n') + 1);
            assertThat(text.length() - lastLine.length()).isLessThanOrEqualTo(LOG_SIZE);
            assertThat(text).endsWith("\n");
        }
        assertThat(up.output()).contains("broker      ready");
    }

    private static List<Path> logs(Path in, String name) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.getFileName().toString().matches(name + "\\.log(\\.\\d+)?"))
                    .toList();
        }
    }
}
