// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.FreshTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The failures of {@link CommandFailuresTest} that need a broker: a registry that is silent, names, topics. */
class CommandFailuresIT {
    private static final List<Topic> TOPICS = List.of(Topics.MODELS, Topics.AUDIT, Topics.ROUNDS, Topics.LABELED);
    private final Map<String, Object> client = FreshTopics.clientOf(LocalKafka.shared());

    /** Accepts connections and never answers. */
    private static ServerSocket silent;

    @TempDir
    Path folder;

    private Path tweets;

    @BeforeAll
    static void listen() throws IOException {
        silent = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    }

    @AfterAll
    static void close() throws IOException {
        silent.close();
    }

    @BeforeEach
    void emptyTopics() throws Exception {
        FreshTopics.recreate(client, 1, TOPICS);
        tweets = Files.writeString(
                folder.resolve("tweets.csv"), "text,sentiment\nI love it,positive\nI hate it,negative\n");
    }

    @Test
    void aRegistryThatNeverAnswersIsOneSentenceWithinSeconds() {
        assertThat(CommandRun.of(client, "publish", "--default").code()).isZero();
        for (String[] command : new String[][] {
            {"models"}, {"publish", "--default", "--activate"}, {"activate", "x-00000000"}, {"label", tweets.toString()}
        }) {
            long start = System.nanoTime();
            CommandRun run = CommandRun.of(Stream.concat(
                            Stream.of(command),
                            Stream.of(
                                    "--bootstrap-servers",
                                    client.get("bootstrap.servers").toString(),
                                    "--registry",
                                    "http://localhost:" + silent.getLocalPort()))
                    .toArray(String[]::new));
            assertThat(run.code()).as(run.error()).isEqualTo(Failures.UNREACHABLE);
            assertThat(run.error().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("deeptweet " + command[0] + ": the schema registry at http://localhost:"
                            + silent.getLocalPort() + " cannot be reached")
                    .endsWith("start it, or name another by --registry");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aNameThatIsNeitherAFileNorAVersionIsOneSentence() {
        CommandRun none = CommandRun.of(client, "evaluate", "--model", "nofile", "--data", tweets.toString());
        assertThat(none)
                .isEqualTo(new CommandRun(
                        1,
                        "",
                        "deeptweet evaluate: there is no file nofile, and no published version nofile: none is"
                                + " published\n"));
        assertThat(CommandRun.of(client, "publish", "--default").code()).isZero();
        CommandRun other = CommandRun.of(client, "score", "--model", "nofile");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.error())
                .startsWith("deeptweet score: there is no file nofile, and no published version nofile: published are ")
                .hasLineCount(1);
        for (String command : List.of("activate", "shadow")) {
            CommandRun run = CommandRun.of(client, command, "none-00000000");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.error())
                    .startsWith("deeptweet " + command + ": model none-00000000 is not on the model topic, which has ")
                    .hasLineCount(1);
        }
        assertThat(CommandRun.of(client, "shadow", "--drop").error())
                .startsWith("deeptweet shadow: no model is the shadow")
                .hasLineCount(1);
        assertThat(CommandRun.of(client, "promote").error())
                .startsWith("deeptweet promote: no model is the shadow")
                .hasLineCount(1);
    }

    @Test
    void aTopicThatDoesNotExistIsOneSentence() throws Exception {
        try (Admin admin = Admin.create(client)) {
            List<String> names = TOPICS.stream().map(Topic::name).toList();
            admin.deleteTopics(names).all().get();
            await().until(() ->
                    names.stream().noneMatch(admin.listTopics().names().get()::contains));
        }
        for (String[] command : new String[][] {
            {"models"}, {"rounds"}, {"promote"}, {"rollback"}, {"audit"}, {"label", tweets.toString()}
        }) {
            CommandRun run = CommandRun.of(client, command);
            assertThat(run.code()).as(run.error()).isEqualTo(Failures.UNREACHABLE);
            assertThat(run.error())
                    .startsWith("deeptweet " + command[0] + ": Kafka at " + client.get("bootstrap.servers")
                            + " has no topic ")
                    .contains(": start the trainer, which creates it")
                    .hasLineCount(1);
        }
    }
}
