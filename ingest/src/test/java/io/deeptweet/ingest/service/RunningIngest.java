// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The built service in a process of its own, as its users run it. */
final class RunningIngest implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port = Ports.free();
    private final String bootstrapServers;
    private final String registryUrl;
    private final ChildProcess process;

    private RunningIngest(Path folder, String bootstrapServers, String registryUrl, List<String> settings) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx256m",
                "-Dquarkus.http.port=" + port,
                "-Dkafka.bootstrap.servers=" + bootstrapServers,
                "-Dkafka.schema.registry.url=" + registryUrl));
        settings.forEach(setting -> arguments.add("-D" + setting));
        arguments.addAll(List.of(
                "-jar",
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString()));
        process = ChildProcess.java(
                "ingest", arguments, Map.of(), folder, folder.resolve("ingest-" + UUID.randomUUID() + ".log"));
    }

    /** Starts it, without waiting for it. */
    static RunningIngest start(Path folder, String bootstrapServers, String registryUrl, String... settings) {
        return new RunningIngest(folder, bootstrapServers, registryUrl, List.of(settings));
    }

    RunningIngest awaitReady() {
        process.await(() -> readiness() == 200, PATIENCE);
        return this;
    }

    ChildProcess process() {
        return process;
    }

    /** The status of the readiness check; -1 if nobody answers. */
    int readiness() {
        try {
            return get("/q/health/ready").statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> push(String feed, String type, String body) throws IOException {
        return send(HttpRequest.newBuilder(uri("/tweets?feed=" + feed))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** What {@code GET /feeds} says of a feed. */
    JsonNode feed(String name) throws IOException {
        for (JsonNode feed : JSON.readTree(get("/feeds").body()))
            if (feed.path("feed").asText().equals(name)) return feed;
        throw new AssertionError("no feed " + name);
    }

    long published(String name) throws IOException {
        return feed(name).path("published").asLong();
    }

    /** The feed, once it has come to its end. */
    JsonNode finished(String name) throws IOException {
        await().atMost(PATIENCE).until(() -> !feed(name).path("state").asText().equals("running"));
        JsonNode feed = feed(name);
        assertThat(feed.path("state").asText()).as(feed.toString()).isEqualTo("finished");
        return feed;
    }

    /** A metric's value; 0 if it is not there. */
    double metric(String nameAndLabels) throws IOException {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .sum();
    }

    /** The tweets of a feed, as they stand on {@code tweets.raw}. */
    List<Tweet> tweets(String feed) {
        AvroDeserializer<Tweet> deserializer =
                new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(Map.of("schema.registry.url", registryUrl)));
        return records("tweets.raw").stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .filter(tweet -> tweet.getFeed().equals(feed))
                .toList();
    }

    /** The rejected records of a feed. */
    List<ConsumerRecord<String, byte[]>> rejected(String feed) {
        return records("tweets.rejected").stream()
                .filter(record -> feed.equals(record.key()))
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition)))
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records;
        }
    }

    /** Asks it to end, as {@code kill} does, and waits until it has. */
    @Override
    public void close() {
        process.close();
    }
}
