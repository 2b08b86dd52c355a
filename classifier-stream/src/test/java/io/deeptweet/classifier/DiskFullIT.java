// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.NOON;
import static io.deeptweet.classifier.TestTweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems without space, below the classifier and below the broker. Needs the right to mount them. */
class DiskFullIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final Duration SMALLEST = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk.toString()) == 0,
                "skipped: no right to mount a small file system");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    /** The stores are lost with it or not: after the next start every tweet is counted once. */
    @Test
    void aClassifierWithoutDiskSpaceStopsAndCountsEveryTweetOnceAfterwards() throws Exception {
        Map<String, String> settings = Map.of(
                "DEEPTWEET_APPLICATION_ID", "disk-full-it",
                "DEEPTWEET_WINDOW_GRACE", "3650d",
                "DEEPTWEET_FAULTS_LIMIT", "2",
                "DEEPTWEET_STATE_DIR", disk.resolve("state").toString());
        int all = 40_000;
        try (TestTopics topics = TestTopics.empty()) {
            try (ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("first"), settings)) {
                classifier.awaitNotReady("waiting for a model");
                topics.publish(TestModels.published(TestModels.constant("good", 0.75)));
                classifier.awaitReady();
                topics.send(ownWindows(0, 100));
                await().atMost(PATIENCE).until(() -> topics.counted(SMALLEST) == 100);
                fill();
                topics.send(ownWindows(100, all));
                await().atMost(PATIENCE).until(() -> classifier.log().contains("No space left on device"));
                assertThat(classifier.exitCode()).isEqualTo(75);
            }
            makeRoom();
            try (ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("second"), settings)) {
                classifier.awaitReady();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.counted(SMALLEST)).isEqualTo(all));
            }
            assertThat(topics.read(Topics.SCORED))
                    .hasSize(all)
                    .extracting(TestTopics.Committed::key)
                    .doesNotHaveDuplicates();
        }
    }

    /** It ends, because it has no other folder. What it has acknowledged is there after its next start. */
    @Test
    void aBrokerWithoutDiskSpaceEndsAndLosesNothing() throws Exception {
        int port = Ports.free();
        Path records = disk.resolve("broker");
        int all = 40_000;
        try (SchemaRegistry registry =
                        SchemaRegistry.start(LocalKafka.home(), folder.resolve("registry"), Ports.free());
                KafkaBroker full = KafkaBroker.start(LocalKafka.home(), records, port);
                TestTopics topics = new TestTopics(full.bootstrapServers(), registry.url());
                ClassifierProcess classifier = ClassifierProcess.start(
                        folder.resolve("classifier"),
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                full.bootstrapServers(),
                                "KAFKA_SCHEMA_REGISTRY_URL",
                                registry.url(),
                                "DEEPTWEET_APPLICATION_ID",
                                "broker-full-it",
                                "DEEPTWEET_WINDOW_GRACE",
                                "3650d"))) {
            classifier.awaitNotReady("waiting for a model");
            topics.publish(TestModels.published(TestModels.constant("good", 0.75)));
            classifier.awaitReady();
            topics.send(ownWindows(0, 100));
            await().atMost(PATIENCE).until(() -> topics.counted(SMALLEST) == 100);
            fill();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> topics.send(ownWindows(100, all)));
            await().atMost(PATIENCE).until(() -> !full.process().isAlive());
            makeRoom();
            try (KafkaBroker again = KafkaBroker.start(LocalKafka.home(), records, port)) {
                sending.join();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.counted(SMALLEST)).isEqualTo(all));
                assertThat(topics.read(Topics.SCORED))
                        .hasSize(all)
                        .extracting(TestTopics.Committed::key)
                        .doesNotHaveDuplicates();
                assertThat(again.process().isAlive()).isTrue();
                classifier.close();
            }
        }
    }

    /** Each in a window of its own, so that the stores grow with every tweet. */
    private static List<Tweet> ownWindows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> tweet("" + i, NOON.plusSeconds(10L * i)))
                .toList();
    }

    private void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream file = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) file.write(block);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(disk.resolve("filler"));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // there is no such program
        }
    }
}
