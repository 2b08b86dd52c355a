// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.cli.CommandRun;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.WorkFolder;
import io.deeptweet.local.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void install() throws Exception {
        Files.createDirectories(folder.resolve("deploy/sample"));
        Files.writeString(folder.resolve("deploy/sample/tweets.jsonl"), "{}");
    }

    /** Before any process is started. */
    @Test
    void aPortInUseIsReportedAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(
                            "up",
                            "--broker-port=" + Ports.free(),
                            "--registry-port=" + Ports.free(),
                            "--ingest-port=" + Ports.free(),
                            "--classifier-port=" + Ports.free(),
                            "--trainer-port=" + taken.getLocalPort()))
                    .isEqualTo("3: deeptweet up: port " + taken.getLocalPort()
                            + ", which the trainer wants, is in use: stop the program that listens on it, or choose"
                            + " another port");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--exit-when-done --loop | --exit-when-done needs a feed that ends",
                "--partitions=0 | --partitions is 0: use 1 or more",
                "--classifiers=5 | --classifiers is 5: use 1 to 4, the number of partitions",
                "--classifiers=0 | --classifiers is 0",
                "--rate=-1 | --rate is -1.0: use 0 to 1000000000",
                "--rate=NaN | --rate is NaN: use 0 to 1000000000",
                "--created-at=never | Invalid value for option '--created-at'",
                "--feed=no-such-file | --feed no-such-file cannot be read: name a file of tweets",
                "--feed-name=A! | --feed-name is A!: use 1 to 64 lower-case letters",
                "--kafka-config=no-such-file | --kafka-config no-such-file does not exist: check the path",
                "--feed=a.txt --no-feed | --feed, --live and --no-feed exclude each other",
                "--live=bluesky --no-feed | --feed, --live and --no-feed exclude each other",
                "--live=twitter | --live is twitter: use bluesky or bluesky=URL or mastodon=HOST",
                "--live=mastodon | --live is mastodon: use mastodon=HOST, such as mastodon=mastodon.social",
                "--live=mastodon=a/b | --live is mastodon=a/b: use an address such as mastodon.social",
                "--live=mastodon=a, | --live is mastodon=a,: use an address such as mastodon.social",
                "--live=bluesky --live=mastodon=a | --live names bluesky and mastodon: use one of them",
                "--live=bluesky=http://x | --live is bluesky=http://x: use an address such as wss:",
                "--live=bluesky --exit-when-done | --exit-when-done needs a feed that ends: leave out --no-feed,",
                "--live=x --track=a | --live is x: set the environment variable DEEPTWEET_SOURCES_X_TOKEN to the",
                "--log-files=1 | --log-files is 1: use 2 to 1000",
                "--log-size=4k --log-files=2 | --log-size and --log-files keep 8 kB of a process: use 256 kB or more",
                "--log-size=10 | Invalid value for option '--log-size': is 10: use 1k to 999999m, such as 64k or 10m",
                "--bootstrap-servers=kafka:9092 | Kafka at kafka:9092 needs the registry of its records: name it by",
                "--no-such-option | Unknown option: '--no-such-option'"
            })
    void aWrongOptionIsReportedAtOnce(String options, String sentence) {
        assertThat(run(("up " + options).split(" "))).startsWith("2: deeptweet up: " + sentence);
    }

    @Test
    void aDataFolderThatIsAFileIsReportedInASentence() {
        String file = folder.resolve("deploy/sample/tweets.jsonl").toString();
        assertThat(run(
                        "up",
                        "--data=" + file,
                        "--broker-port=" + Ports.free(),
                        "--registry-port=" + Ports.free(),
                        "--ingest-port=" + Ports.free(),
                        "--classifier-port=" + Ports.free(),
                        "--trainer-port=" + Ports.free()))
                .startsWith("3: deeptweet up: --data " + file + " cannot be used: ")
                .endsWith(": choose another by --data DIR");
    }

    @Test
    void aDataFolderInUseIsNotTouched() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        WorkFolder.of(Optional.of(data));
        assertThat(run(
                        "up",
                        "--data=" + data,
                        "--broker-port=" + Ports.free(),
                        "--registry-port=" + Ports.free(),
                        "--ingest-port=" + Ports.free(),
                        "--classifier-port=" + Ports.free(),
                        "--trainer-port=" + Ports.free()))
                .isEqualTo("3: deeptweet up: --data " + data
                        + " is in use by another deeptweet: stop that one, or choose another folder");
        assertThat(data.resolve("broker")).doesNotExist();
    }

    /** The exit code and the errors of a command. */
    private String run(String... arguments) {
        CommandRun run = CommandRun.of(new Installation(folder, Map.of()), arguments);
        return run.code() + ": " + run.err().strip();
    }
}
