// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.local.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class UpTest {
    @ParameterizedTest
    @CsvSource({
        "x-election-2024.jsonl.gz, x-election-2024",
        "/data/My Tweets (2024).csv, my-tweets--2024-",
        "2024_08.txt, 2024_08",
        "_odd.txt, odd",
        "été.txt, t-",
        ".jsonl, feed",
        "日本.jsonl, feed"
    })
    void aFeedIsNamedByItsFile(String file, String name) {
        Up up = new Up();
        new CommandLine(up).parseArgs("--feed", file);
        assertThat(up.name()).isEqualTo(name);
    }

    @Test
    void aLongFileNameIsCutToWhatAFeedsNameMayHave() {
        Up up = new Up();
        new CommandLine(up).parseArgs("--feed", "a".repeat(200) + ".jsonl");
        assertThat(up.name()).isEqualTo("a".repeat(64));
    }

    @Test
    void aGivenNameWinsAndTheShippedFeedIsCalledSample() {
        Up given = new Up();
        new CommandLine(given).parseArgs("--feed", "a.jsonl", "--feed-name", "mine");
        assertThat(given.name()).isEqualTo("mine");
        Up shipped = new Up();
        new CommandLine(shipped).parseArgs();
        assertThat(shipped.name()).isEqualTo("sample");
    }

    /** Every key of Kafka's clients and of the registry's becomes the variable that Quarkus reads it from. */
    @Test
    void clientSettingsReachTheServicesByTheEnvironment() {
        assertThat(Up.environment(Map.of(
                        "sasl.jaas.config",
                        "secret",
                        "schema.registry.url",
                        "http://r",
                        "basic.auth.user.info",
                        "u:p")))
                .isEqualTo(Map.of(
                        "KAFKA_SASL_JAAS_CONFIG",
                        "secret",
                        "KAFKA_SCHEMA_REGISTRY_URL",
                        "http://r",
                        "KAFKA_BASIC_AUTH_USER_INFO",
                        "u:p"));
    }

    /** Before a broker was started for nothing. */
    @Test
    void aPortInUseIsSaidAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(
                            "up",
                            "--broker-port=" + Ports.free(),
                            "--registry-port=" + Ports.free(),
                            "--ingest-port=" + Ports.free(),
                            "--classifier-port=" + Ports.free(),
                            "--trainer-port=" + taken.getLocalPort()))
                    .isEqualTo(
                            "3: deeptweet: port " + taken.getLocalPort()
                                    + ", which the trainer wants, is in use: stop the program that listens on it, or choose another port");
        }
    }

    @Test
    void whatCannotWorkIsSaidAtOnce() {
        assertThat(run("up", "--exit-when-done", "--loop")).startsWith("2: --exit-when-done needs a feed that ends");
        assertThat(run("up", "--partitions=0")).startsWith("2: --partitions is 0: use 1 or more");
        assertThat(run("up", "--classifiers=5"))
                .startsWith("2: --classifiers is 5: use 1 to 4, the number of partitions");
        assertThat(run("up", "--classifiers=0")).startsWith("2: --classifiers is 0");
        assertThat(run("up", "--kafka-config=no-such-file"))
                .startsWith("2: --kafka-config no-such-file cannot be read");
        assertThat(run("up", "--no-such-option")).startsWith("2: Unknown option");
    }

    /** The exit code and the errors of a command. */
    private static String run(String... arguments) {
        StringWriter errors = new StringWriter();
        int code = DeepTweet.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments);
        return code + ": " + errors.toString().strip();
    }
}
