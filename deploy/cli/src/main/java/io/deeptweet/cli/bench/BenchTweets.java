// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The tweets that a benchmark sends: texts, repeated under new ids.
 *
 * @param source where the texts are from, for the report
 */
record BenchTweets(String source, List<String> texts) {
    private static final long FIRST_ID = 1_900_000_000_000_000_000L;
    private static final int FEEDS = 4;
    private static final int GENERATED = 20_000;
    private static final int MEAN_WORDS = 13;
    private static final int MOST = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Tweets of the shipped sample's words, as long as those of Sentiment140: 13 words on average, 140 characters at
     * most. Always the same ones.
     *
     * @param sample a file of tweets, of which invalid lines are left out
     */
    static BenchTweets generated(Path sample) {
        List<String> words = words(sample);
        Random random = new Random(1);
        List<String> texts = new ArrayList<>();
        while (texts.size() < GENERATED) {
            StringBuilder text = new StringBuilder();
            for (long left = Math.max(1, Math.round(MEAN_WORDS + 7 * random.nextGaussian()));
                    left > 0 && text.length() < 130;
                    left--) text.append(text.isEmpty() ? "" : " ").append(words.get(random.nextInt(words.size())));
            texts.add(text.toString());
        }
        return new BenchTweets("made of the sample's words", texts);
    }

    private static List<String> words(Path sample) {
        try {
            List<String> words = new ArrayList<>();
            for (String line : Files.readAllLines(sample)) {
                try {
                    JsonNode data = new ObjectMapper().readTree(line).path("data");
                    if (data.path("lang").asText().equals("en"))
                        words.addAll(List.of(data.path("text").asText().split("\\s+")));
                } catch (JsonProcessingException e) {
                    // The sample also shows what happens to invalid lines.
                }
            }
            return words;
        } catch (IOException e) {
            throw new StartFailedException(sample + " cannot be read: " + e, e);
        }
    }

    /**
     * The tweets that ingest reads from a file, in any format that it knows.
     *
     * @param client settings of Kafka's and the registry's clients
     * @param folder for ingest's log
     */
    static BenchTweets of(Path file, Installation installation, Map<String, String> client, Path folder)
            throws InterruptedException {
        Map<String, String> settings = Map.of(
                "deeptweet.feeds.bench.file",
                file.toAbsolutePath().toString(),
                "deeptweet.feeds.bench.missing-id",
                "line");
        try (ServiceProcess ingest = ServiceProcess.launch(
                        installation, ServiceType.INGEST, "ingest", Ports.free(), settings, client, folder)
                .awaitReady()) {
            awaitFinished(file, ingest.port());
        } catch (IOException e) {
            throw new StartFailedException("ingest does not answer: " + e.getMessage(), e);
        }
        List<String> texts = new ArrayList<>();
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(client));
        CommittedReader.readAll(client, Topics.RAW, record -> {
            if (texts.size() < MOST)
                texts.add(
                        deserializer.deserialize(record.topic(), record.value()).getText());
        });
        if (texts.isEmpty())
            throw new StartFailedException("--feed " + file + " holds no tweet in English or of an unknown language");
        return new BenchTweets(file.getFileName().toString(), texts);
    }

    private static void awaitFinished(Path file, int ingestPort) throws IOException, InterruptedException {
        for (long deadline = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(200)) {
            JsonNode feed = new ObjectMapper()
                    .readTree(ServiceClient.get(ingestPort, ServiceType.INGEST.statusPath())
                            .body())
                    .path(0);
            String state = feed.path("state").asText();
            if (state.equals("finished")) return;
            if (state.equals("failed"))
                throw new StartFailedException(
                        "--feed " + file + ": " + feed.path("detail").asText());
            if (System.nanoTime() > deadline)
                throw new StartFailedException(
                        "--feed " + file + " was not read within " + PATIENCE.toMinutes() + " min");
        }
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
                createdAt,
                TweetKind.POST);
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
