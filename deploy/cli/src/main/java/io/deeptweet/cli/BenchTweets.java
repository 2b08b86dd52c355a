// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a benchmark sends: texts of a file, or made ones, again and again under new ids.
 *
 * @param source where they are from, for the report
 */
record BenchTweets(String source, List<String> texts) {
    private static final long FIRST_ID = 1_900_000_000_000_000_000L;
    private static final int FEEDS = 4;
    private static final int MADE = 20_000;
    private static final int MOST = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Tweets of the shipped sample's words, as long as those of Sentiment140: 13 words on average, 140 characters at
     * most. Always the same ones.
     */
    static BenchTweets made(Path sample) {
        try {
            List<String> words = new ArrayList<>();
            for (String line : Files.readAllLines(sample)) {
                try {
                    var data = new ObjectMapper().readTree(line).path("data");
                    if (data.path("lang").asText().equals("en"))
                        words.addAll(List.of(data.path("text").asText().split("\\s+")));
                } catch (JsonProcessingException e) {
                    // the sample also shows what becomes of broken lines
                }
            }
            Random random = new Random(1);
            List<String> texts = new ArrayList<>();
            while (texts.size() < MADE) {
                StringBuilder text = new StringBuilder();
                for (long left = Math.max(1, Math.round(13 + 7 * random.nextGaussian()));
                        left > 0 && text.length() < 130;
                        left--) text.append(text.isEmpty() ? "" : " ").append(words.get(random.nextInt(words.size())));
                texts.add(text.toString());
            }
            return new BenchTweets("made of the sample's words", texts);
        } catch (IOException e) {
            throw new StartFailedException(sample + " cannot be read: " + e, e);
        }
    }

    /** The tweets that ingest reads from a file, of whatever format it knows. */
    static BenchTweets of(Path file, Installation installation, Map<String, String> client, Path folder)
            throws InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("deeptweet.feeds.bench.file", file.toAbsolutePath().toString());
        settings.put("deeptweet.feeds.bench.missing-id", "line");
        int port = Ports.free();
        try (Service ingest = Service.start(
                        "ingest",
                        installation.service("ingest"),
                        port,
                        Service.INGEST,
                        settings,
                        Up.environment(client),
                        folder)
                .awaitReady()) {
            for (long deadline = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(200)) {
                var feed = new ObjectMapper()
                        .readTree(Service.get(port, "/feeds").body())
                        .path(0);
                if (feed.path("state").asText().equals("failed"))
                    throw new StartFailedException(
                            "--feed " + file + ": " + feed.path("detail").asText());
                if (feed.path("state").asText().equals("finished")) break;
                if (System.nanoTime() > deadline)
                    throw new StartFailedException(
                            "--feed " + file + " was not read within " + PATIENCE.toMinutes() + " min");
            }
        } catch (IOException e) {
            throw new StartFailedException("ingest does not answer: " + e.getMessage(), e);
        }
        List<String> texts = new ArrayList<>();
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(client));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(Map.copyOf(client), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RAW.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (texts.size() < MOST
                    && partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition)))
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200)))
                    texts.add(deserializer
                            .deserialize(record.topic(), record.value())
                            .getText());
        }
        if (texts.isEmpty())
            throw new StartFailedException("--feed " + file + " holds no tweet in English or of an unknown language");
        return new BenchTweets(file.getFileName().toString(), texts);
    }

    /** The tweet of a number, 0 or more. */
    Tweet tweet(long number, Instant createdAt) {
        return new Tweet(
                Long.toString(FIRST_ID + number),
                texts.get((int) (number % texts.size())),
                "bench-" + (1 + number % FEEDS),
                "en",
                "user" + number % 1000,
                createdAt,
                createdAt);
    }

    /** The number of a tweet, by its id. */
    static int number(String id) {
        return (int) (Long.parseLong(id) - FIRST_ID);
    }

    double meanCharacters() {
        return texts.stream().mapToInt(String::length).average().orElse(0);
    }

    double meanWords() {
        return texts.stream()
                .mapToInt(text -> text.split("\\s+").length)
                .average()
                .orElse(0);
    }
}
