// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.RunningDeepTweet.Result;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays through the whole stack: nothing lost, nothing doubled, whatever happens on the way. */
class ReplayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    /** Half-way through, a second version takes over. */
    @Test
    void aSwapNeitherLosesNorDoublesATweet() throws Exception {
        swapDuring(
                "made",
                IntStream.range(0, 6000)
                        .mapToObj(i -> "{\"data\": {\"id\": \"" + i + "\", \"text\": \"tweet " + i
                                + (i % 3 == 0 ? " is great" : " is awful") + "\", \"lang\": \"en\", \"created_at\": \""
                                + Instant.ofEpochSecond(1_700_000_000L + i) + "\"}}")
                        .toList());
    }

    @Test
    void theElectionFeedIsScoredOnceEachWhileTheModelIsSwapped() throws Exception {
        try (InputStream gzip =
                new GZIPInputStream(Files.newInputStream(streams().resolve("x-election-2024.jsonl.gz")))) {
            List<String> lines = new String(gzip.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines).hasSize(19_056);
            swapDuring("election", lines);
        }
    }

    /** All of its ids are null: each line is rejected, with that reason. */
    @Test
    void everyLineWithoutAnIdIsRejectedAndKept() {
        String summary = replay(streams().resolve("x-chatgpt-2023.jsonl.gz"), "--missing-id=reject");
        assertThat(summary)
                .containsPattern("read +8,000\n")
                .containsPattern("published +0\n")
                .containsPattern("rejected +8,000 \\{no-id=8000\\}");
    }

    /** Given ids, each line is scored or left out for its language. */
    @Test
    void everyLineIsAccountedFor() {
        String summary = replay(streams().resolve("x-chatgpt-2023.jsonl.gz"), "--missing-id=line");
        assertThat(number(summary, "read")).isEqualTo(8000);
        assertThat(number(summary, "scored") + number(summary, "filtered") + number(summary, "rejected"))
                .isEqualTo(8000);
        assertThat(number(summary, "scored"))
                .isEqualTo(number(summary, "published"))
                .isGreaterThan(3000);
        assertThat(summary).contains("each id once: yes");
    }

    private String replay(Path feed, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("up", "--feed=" + feed, "--rate=0", "--exit-when-done", "--quiet"));
        arguments.addAll(List.of(options));
        arguments.addAll(RunningDeepTweet.freePorts());
        Result result = RunningDeepTweet.run(folder, PATIENCE, arguments.toArray(String[]::new));
        assertThat(result.code()).as(result.output()).isZero();
        return result.output();
    }

    /** The feed comes through a pipe, so that the swap falls in its middle however fast the machine is. */
    private void swapDuring(String name, List<String> lines) throws Exception {
        int tweets = lines.size();
        Path pipe = folder.resolve("feed.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        List<String> arguments =
                new ArrayList<>(List.of("up", "--feed=" + pipe, "--feed-name=" + name, "--rate=0", "--quiet"));
        arguments.addAll(RunningDeepTweet.freePorts());
        try (RunningDeepTweet up = RunningDeepTweet.start(folder, arguments)) {
            await().atMost(PATIENCE).until(() -> up.output().contains("Ctrl-C stops it all") || !up.isAlive());
            assertThat(up.isAlive()).as(up.output()).isTrue();
            Installation installation = RunningDeepTweet.installation(folder);
            Map<String, String> addresses = installation.running().orElseThrow();
            Path second = folder.resolve("second.safetensors");
            ModelArtefact other = leaningOtherwise(
                    installation.root().resolve("trainer/src/main/resources/default-model.safetensors"));
            other.write(second);

            try (BufferedWriter feed = Files.newBufferedWriter(pipe)) {
                write(feed, lines.subList(0, tweets / 2));
                await().atMost(PATIENCE)
                        .until(() -> status(addresses).path("scored").asLong() > 0);
                try (RunningDeepTweet publish =
                        RunningDeepTweet.start(folder, List.of("publish", second.toString(), "--activate"))) {
                    Iterator<String> meanwhile =
                            lines.subList(tweets / 2, tweets * 3 / 4).iterator();
                    await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
                        if (meanwhile.hasNext()) write(feed, List.of(meanwhile.next()));
                        return !publish.isAlive()
                                && status(addresses)
                                        .path("activeModel")
                                        .asText()
                                        .equals(other.version());
                    });
                    Result published = publish.await(PATIENCE);
                    assertThat(published.code()).as(published.output()).isZero();
                    while (meanwhile.hasNext()) write(feed, List.of(meanwhile.next()));
                }
                write(feed, lines.subList(tweets * 3 / 4, tweets));
            }
            await().atMost(PATIENCE)
                    .until(() -> feed(addresses).path("state").asText().equals("finished")
                            && status(addresses).path("scored").asLong() >= tweets);

            Scored scored = new Scored();
            Windows windows = new Windows();
            await().atMost(PATIENCE).untilAsserted(() -> {
                scored.read(addresses);
                windows.read(addresses);
                assertThat(scored.ids).hasSize(tweets);
                assertThat(windows.sums())
                        .hasSize(3)
                        .allSatisfy((size, count) -> assertThat(count)
                                .as("tweets in windows of %s", size)
                                .isEqualTo(tweets));
            });
            assertThat(scored.records).as("records, each id once").isEqualTo(tweets);
            assertThat(scored.versions.values())
                    .as("in no partition does the old version score after the new one")
                    .allSatisfy(versions -> assertThat(versions).hasSizeLessThanOrEqualTo(2));
            assertThat(scored.versions.values().stream().flatMap(List::stream).distinct())
                    .as("both versions scored")
                    .hasSize(2)
                    .contains(other.version());
            assertThat(scored.versions.values().stream()
                            .map(versions -> versions.get(versions.size() - 1))
                            .distinct())
                    .as("at the end it is the new one")
                    .containsExactly(other.version());
            assertThat(windows.versions()).as("windows count the versions").isEqualTo(scored.byVersion);
            System.out.printf(
                    "swap during %s: %d tweets, each once, by %s; longest pause between two scores %d ms%n",
                    name, scored.records, scored.byVersion, scored.longestPause());
        }
    }

    private static void write(Writer feed, List<String> lines) throws IOException {
        for (String line : lines) feed.write(line + "\n");
        feed.flush();
    }

    /** The same model but for the bias of its last layer: another version, with other scores. */
    static ModelArtefact leaningOtherwise(Path file) throws Exception {
        ModelArtefact model = ModelArtefact.read(file);
        Weights weights = model.weights();
        Weights changed = new Weights(
                weights.words(),
                weights.embeddingSize(),
                weights.units(),
                weights.embedding(),
                weights.forward(),
                weights.backward(),
                weights.dense(),
                weights.denseBias() + 0.5f);
        return ModelArtefact.of(
                "second",
                model.pipeline(),
                model.maximumLength(),
                model.vocabulary(),
                changed,
                new ModelArtefact.Provenance(
                        Optional.of(model.version()), Instant.parse("2026-01-02T03:04:05Z"), "none", "{}"));
    }

    private static JsonNode status(Map<String, String> addresses) throws IOException {
        return new ObjectMapper()
                .readTree(Service.get(Integer.parseInt(addresses.get("classifier.port")), "/status")
                        .body());
    }

    private static JsonNode feed(Map<String, String> addresses) throws IOException {
        return new ObjectMapper()
                .readTree(Service.get(Integer.parseInt(addresses.get("ingest.port")), "/feeds")
                        .body())
                .path(0);
    }

    private static long number(String summary, String name) {
        return summary.lines()
                .filter(line -> line.matches(name + " +[\\d,]+.*"))
                .map(line -> Long.parseLong(line.split(" +")[1].replace(",", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Path streams() {
        Path streams = Path.of(System.getProperty("deeptweet.data")).resolve("streams");
        assumeTrue(Files.isDirectory(streams), "skipped: no real tweets at " + streams);
        return streams;
    }

    /** Reads a topic from its beginning to its end, as any committed reader sees it. */
    private static void read(
            Map<String, String> addresses, String topic, BiConsumer<ConsumerRecord<String, byte[]>, SchemaIds> each) {
        Map<String, Object> settings = new HashMap<>(addresses);
        settings.put("isolation.level", "read_committed");
        SchemaIds ids = SchemaIds.ofRegistry(settings);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition)))
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200)))
                    each.accept(record, ids);
        }
    }

    private static final class Scored {
        final Map<String, Integer> ids = new HashMap<>();
        final Map<Integer, List<String>> versions = new TreeMap<>();
        final Map<String, Long> byVersion = new TreeMap<>();
        final List<Instant> times = new ArrayList<>();
        long records;

        void read(Map<String, String> addresses) {
            ids.clear();
            versions.clear();
            byVersion.clear();
            times.clear();
            records = 0;
            ReplayIT.read(addresses, "tweets.scored", (record, schemas) -> {
                ScoredTweet tweet =
                        new AvroDeserializer<>(ScoredTweet.class, schemas).deserialize(record.topic(), record.value());
                records++;
                ids.merge(tweet.getId(), 1, Integer::sum);
                times.add(tweet.getScoredAt());
                byVersion.merge(tweet.getModelVersion(), 1L, Long::sum);
                List<String> inPartition = versions.computeIfAbsent(record.partition(), absent -> new ArrayList<>());
                if (inPartition.isEmpty()
                        || !inPartition.get(inPartition.size() - 1).equals(tweet.getModelVersion()))
                    inPartition.add(tweet.getModelVersion());
            });
        }

        long longestPause() {
            List<Instant> sorted = times.stream().sorted().toList();
            return IntStream.range(1, sorted.size())
                    .mapToLong(i ->
                            Duration.between(sorted.get(i - 1), sorted.get(i)).toMillis())
                    .max()
                    .orElse(0);
        }
    }

    private static final class Windows {
        final Map<String, SentimentWindow> last = new HashMap<>();

        void read(Map<String, String> addresses) {
            ReplayIT.read(
                    addresses,
                    "sentiment.windows",
                    (record, schemas) -> last.put(
                            record.key(),
                            new AvroDeserializer<>(SentimentWindow.class, schemas)
                                    .deserialize(record.topic(), record.value())));
        }

        Map<Duration, Integer> sums() {
            return last.values().stream()
                    .collect(Collectors.toMap(
                            window -> Duration.between(window.getStart(), window.getEnd()),
                            window -> (int) window.getCount(),
                            Integer::sum));
        }

        /** Of the smallest windows. */
        Map<String, Long> versions() {
            Map<String, Long> versions = new TreeMap<>();
            last.values().stream()
                    .filter(window ->
                            Duration.between(window.getStart(), window.getEnd()).equals(Duration.ofSeconds(10)))
                    .forEach(window -> window.getModelVersions()
                            .forEach((version, count) -> versions.merge(version, count, Long::sum)));
            return versions;
        }
    }
}
