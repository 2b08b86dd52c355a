// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed or replaced while they replay a file: every record is published once. */
class ResumeIT {
    private static final int LINES = 40_000;

    @TempDir
    Path folder;

    private final LocalKafka kafka = LocalKafka.shared();

    @Test
    void aKilledProcessNeitherLosesNorRepeatsARecord() throws Exception {
        Path file = lines("killed.txt");
        for (int kills = 1; kills <= 3; kills++) {
            try (IngestProcess process = start("killed", file, "rate=8000")) {
                int wanted = 6000 + 2000 * kills;
                await().atMost(IngestProcess.PATIENCE).until(() -> published(process, "killed") >= wanted);
                process.process().kill();
            }
        }
        try (IngestProcess process = start("killed", file, "rate=0")) {
            JsonNode feed = process.client().finished("killed");
            assertThat(feed.path("resumedAfter").asText()).endsWith(" records");
            assertThat(feed.path("published").asInt()).isLessThan(LINES - 3 * 8000);
        }
        assertEachOnce("killed", LINES);

        Files.writeString(file, "one more\n", StandardOpenOption.APPEND);
        try (IngestProcess process = start("killed", file, "rate=0")) {
            JsonNode feed = process.client().finished("killed");
            assertThat(feed.path("resumedAfter").asText()).isEqualTo("40,000 records");
            assertThat(feed.path("published").asInt()).isEqualTo(1);
        }
        assertEachOnce("killed", LINES + 1);
    }

    @Test
    void ofTwoProcessesWithTheSameFeedTheLastOnePublishes() throws Exception {
        Path file = lines("shared.txt");
        try (IngestProcess first = start("shared", file, "rate=300")) {
            await().atMost(IngestProcess.PATIENCE).until(() -> published(first, "shared") > 300);
            // As after a long pause of the process: its transactions are refused, but nobody has replaced it.
            fence("shared");
            long before = published(first, "shared");
            await().atMost(IngestProcess.PATIENCE).until(() -> published(first, "shared") > before + 300);
            try (IngestProcess second = start("shared", file, "rate=20000")) {
                assertThat(second.client()
                                .finished("shared")
                                .path("resumedAfter")
                                .asText())
                        .endsWith(" records");
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> state(first, "shared").equals("failed"));
                assertThat(first.client().feed("shared").path("detail").asText())
                        .startsWith("another instance of ingest has taken over the feed shared: ");
            }
        }
        assertEachOnce("shared", LINES);
    }

    @Test
    void aChangedFileIsRefusedUnlessTheReplayStartsAnew() throws Exception {
        Path file = Files.write(folder.resolve("changed.txt"), List.of("one", "two"));
        try (IngestProcess process = start("changed", file, "rate=0")) {
            process.client().finished("changed");
        }
        Files.write(file, List.of("one", "three"));
        try (IngestProcess process = start("changed", file, "rate=0")) {
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> state(process, "changed").equals("failed"));
            assertThat(process.client().feed("changed").path("detail").asText())
                    .contains("changed.txt has changed since its first 2 records were published");
        }
        try (IngestProcess process = start("changed", file, "start=beginning")) {
            JsonNode feed = process.client().finished("changed");
            assertThat(feed.path("published").asInt()).isEqualTo(2);
            assertThat(feed.path("resumedAfter").asText()).isEmpty();
        }
        assertThat(tweets("changed"))
                .extracting(Tweet::getText)
                .containsExactlyInAnyOrder("one", "two", "one", "three");
    }

    @Test
    void aTombstoneRemovesAPositionAndARecordThatIsNoneIsSkipped() throws Exception {
        Path file = Files.write(folder.resolve("removed.txt"), List.of("one"));
        try (IngestProcess process = start("removed", file, "rate=0")) {
            process.client().finished("removed");
        }
        sendPosition("removed/removed.txt", "nonsense".getBytes(StandardCharsets.UTF_8));
        try (IngestProcess process = start("removed", file, "rate=0")) {
            JsonNode feed = process.client().finished("removed");
            assertThat(feed.path("resumedAfter").asText()).isEqualTo("1 records");
            assertThat(feed.path("published").asInt()).isZero();
        }
        // As with a registry that does not know the schema: nothing tells how far the source was.
        sendPosition("removed/removed.txt", null);
        sendPosition("removed/removed.txt", "nonsense".getBytes(StandardCharsets.UTF_8));
        try (IngestProcess process = start("removed", file, "rate=0")) {
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> state(process, "removed").equals("failed"));
            assertThat(process.client().feed("removed").path("detail").asText())
                    .contains("the position under the key removed/removed.txt cannot be read, tweets.positions@");
        }
        sendPosition("removed/removed.txt", null);
        try (IngestProcess process = start("removed", file, "rate=0")) {
            assertThat(process.client().finished("removed").path("published").asInt())
                    .isEqualTo(1);
        }
    }

    private void sendPosition(String key, byte[] value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.POSITIONS.name(), key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        }
    }

    private IngestProcess start(String feed, Path file, String setting) {
        String prefix = "deeptweet.feeds." + feed + ".";
        return IngestProcess.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        prefix + "file=" + file,
                        prefix + setting)
                .awaitReady();
    }

    private void fence(String feed) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "deeptweet-ingest-" + feed);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
        }
    }

    private static long published(IngestProcess process, String feed) throws Exception {
        return process.client().published(feed);
    }

    private static String state(IngestProcess process, String feed) throws Exception {
        return process.client().feed(feed).path("state").asText();
    }

    private List<Tweet> tweets(String feed) {
        return new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl()).tweets(feed);
    }

    private void assertEachOnce(String feed, int lines) {
        assertThat(tweets(feed).stream().map(Tweet::getId).sorted().toList())
                .isEqualTo(IntStream.rangeClosed(1, lines)
                        .mapToObj(line -> feed + ":" + line)
                        .sorted()
                        .toList());
    }

    private Path lines(String name) throws Exception {
        return Files.write(
                folder.resolve(name),
                IntStream.range(0, LINES).mapToObj(i -> "tweet " + i).toList());
    }
}
