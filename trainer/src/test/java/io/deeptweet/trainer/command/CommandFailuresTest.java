// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command with files, names, numbers and addresses that are wrong: one sentence, the exit code, no stack trace.
 * {@code CommandsIT} has the failures that need a broker.
 */
class CommandFailuresTest {
    /** Accepts connections and never answers. */
    private static ServerSocket silent;

    private static int closedPort;

    @TempDir
    Path folder;

    @BeforeAll
    static void listen() throws IOException {
        silent = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        try (ServerSocket closed = new ServerSocket(0)) {
            closedPort = closed.getLocalPort();
        }
    }

    @AfterAll
    static void close() throws IOException {
        silent.close();
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("tweets.csv"), "text,sentiment\nI love it,positive\nI hate it,negative\n");
        Files.writeString(folder.resolve("garbage"), "no\ttweets, and no model\n");
        Files.createFile(folder.resolve("empty"));
        Files.createDirectory(folder.resolve("folder"));
        Files.createDirectory(folder.resolve("plans"));
        for (String plan : List.of("v1-base", "v2-modern", "v3-live"))
            Files.writeString(folder.resolve("plans").resolve(plan), "# the defaults\n");
        // What the user sets wins over the commands' own time-outs, so these tests do not wait for them.
        Files.writeString(
                folder.resolve("quick.properties"),
                "request.timeout.ms=150\ndefault.api.timeout.ms=150\nhttp.read.timeout.ms=200\nmax.retries=0\n");
    }

    private CommandRun run(String line) {
        List<String> arguments = CommandWords.of(line).stream()
                .map(argument -> argument.replace("DIR", folder.toString())
                        .replace("CLOSED", "localhost:" + closedPort)
                        .replace("SILENT", "localhost:" + silent.getLocalPort()))
                .toList();
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private void assertFails(String line, int code, String sentence) {
        CommandRun result = run(line);
        assertThat(result.code()).as(line + ": " + result.error()).isEqualTo(code);
        List<String> lines = result.error().lines().toList();
        String command = "deeptweet " + CommandWords.of(line).get(0);
        assertThat(lines.get(0))
                .startsWith(command + ": ")
                .contains(sentence.strip()
                        .replace("DIR", folder.toString())
                        .replace("CLOSED", "localhost:" + closedPort)
                        .replace("SILENT", "localhost:" + silent.getLocalPort()));
        assertThat(lines)
                .as("one sentence, and for wrong usage how to get help")
                .hasSize(code == Failures.USAGE ? 2 : 1);
        if (code == Failures.USAGE) assertThat(lines.get(1)).isEqualTo("Usage and options: " + command + " --help");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explore --data DIR/none.csv --out DIR/out | DIR/none.csv does not exist: check the path",
                "explore --data DIR/folder --out DIR/out | DIR/folder is a folder: name a file",
                "explore --data DIR/empty --out DIR/out | DIR/empty is empty: name another file",
                "explore --data DIR/garbage --out DIR/out | DIR/garbage has an unknown layout",
                "explore --data DIR/tweets.csv --out DIR/garbage | DIR/garbage is a file: name a folder to write to",
                "explore --data DIR/tweets.csv --out DIR/out --model DIR/none | DIR/none does not exist",
                "explore --data DIR/tweets.csv --out DIR/out --model DIR/garbage | DIR/garbage: ",
                "train --data DIR/none.csv --out DIR/m.safetensors | DIR/none.csv does not exist",
                "train --data DIR/folder --out DIR/m.safetensors | DIR/folder is a folder",
                "train --data DIR/empty --out DIR/m.safetensors | DIR/empty is empty",
                "train --data DIR/garbage --out DIR/m.safetensors | DIR/garbage has an unknown layout",
                "train --data DIR/tweets.csv --out DIR/folder | DIR/folder is a folder: name a file to write",
                "train --data DIR/tweets.csv --out DIR/garbage/m | DIR/garbage is a file: name a folder",
                "train --data DIR/tweets.csv --out DIR/m --unlabeled DIR/none | DIR/none does not exist",
                "train --data DIR/tweets.csv --out DIR/m --hold-out DIR/folder | DIR/folder is a folder",
                "train --data DIR/tweets.csv --out DIR/m | too few",
                "fine-tune --data DIR/none.csv --no-rehearsal --out DIR/m | DIR/none.csv does not exist",
                "fine-tune --data DIR/tweets.csv --rehearse DIR/none.csv --out DIR/m | DIR/none.csv does not exist",
                "fine-tune --data DIR/tweets.csv --rehearse DIR/empty --out DIR/m | DIR/empty is empty",
                "fine-tune --data DIR/folder --no-rehearsal --out DIR/m | DIR/folder is a folder",
                "fine-tune --data DIR/tweets.csv --no-rehearsal --out DIR/folder | DIR/folder is a folder",
                "fine-tune --model DIR/none --data DIR/tweets.csv --no-rehearsal --out DIR/m | DIR/none does not",
                "fine-tune --model DIR/garbage --data DIR/tweets.csv --no-rehearsal --out DIR/m | DIR/garbage: ",
                "evaluate --data DIR/none.csv | DIR/none.csv does not exist",
                "evaluate --data DIR/folder | DIR/folder is a folder",
                "evaluate --data DIR/empty | DIR/empty is empty",
                "evaluate --data DIR/tweets.csv --model DIR/folder | DIR/folder is a folder: name a file",
                "evaluate --data DIR/tweets.csv --model DIR/empty | DIR/empty is empty",
                "evaluate --data DIR/tweets.csv --model DIR/garbage | DIR/garbage: ",
                "evaluate --data DIR/tweets.csv --json DIR/folder | DIR/folder is a folder: name a file to write",
                "evaluate --data DIR/tweets.csv --json DIR/garbage/x | DIR/garbage is a file",
                "evaluate --data DIR/tweets.csv --charts DIR/garbage | DIR/garbage is a file",
                "evaluate --data DIR/tweets.csv --text-column tweet --label-column mood | has no column tweet",
                "benchmark --data DIR/none --out DIR/out | DIR/none does not exist",
                "benchmark --data DIR/garbage --out DIR/out | DIR/garbage is a file: name a folder",
                "benchmark --data DIR/folder --out DIR/out --plans DIR/none | DIR/none does not exist",
                "benchmark --data DIR/folder --out DIR/out --plans DIR/folder | DIR/folder/v1-base does not exist",
                "benchmark --data DIR/folder --out DIR/garbage --plans DIR/plans | DIR/garbage is a file",
                "benchmark --data DIR/folder --out DIR/out --models DIR/empty --plans DIR/plans | DIR/empty is a file",
                "benchmark --data DIR/folder --out DIR/out --models DIR/m --plans DIR/plans | tweeteval/val_text.txt ",
                "import-keras DIR/none --tokenizer DIR/garbage --pipeline paper-v1 --out DIR/m | DIR/none does not",
                "import-keras DIR/garbage --tokenizer DIR/none --pipeline paper-v1 --out DIR/m | DIR/none does not",
                "import-keras DIR/garbage --tokenizer DIR/empty --pipeline paper-v1 --out DIR/m | DIR/empty is empty",
                "import-keras DIR/garbage --tokenizer DIR/garbage --pipeline paper-v1 --out DIR/m | DIR/garbage is no",
                "import-keras DIR/folder --tokenizer DIR/garbage --pipeline paper-v1 --out DIR/m | is a folder",
                "import-keras DIR/garbage --tokenizer DIR/garbage --pipeline paper-v1 --out DIR/folder | is a folder",
                "score --model DIR/none | DIR/none does not exist",
                "score --model DIR/empty | DIR/empty is empty",
                "score --model DIR/garbage | DIR/garbage: ",
                "publish DIR/none | DIR/none does not exist",
                "publish DIR/folder | DIR/folder is a folder",
                "publish DIR/empty | DIR/empty is empty",
                "publish DIR/garbage | DIR/garbage: ",
                "label DIR/none | DIR/none does not exist",
                "label DIR/folder | DIR/folder is a folder",
                "label DIR/tweets.csv DIR/empty | DIR/empty is empty",
                "label DIR/garbage | DIR/garbage has an unknown layout",
                "simulate-rounds --data DIR/none --rehearse DIR/tweets.csv --out DIR/out | DIR/none does not exist",
                "simulate-rounds --data DIR/tweets.csv --rehearse DIR/none --out DIR/out | DIR/none does not exist",
                "simulate-rounds --data DIR/tweets.csv --rehearse DIR/tweets.csv --out DIR/garbage | is a file",
                "simulate-rounds --data DIR/tweets.csv --rehearse DIR/tweets.csv --out DIR/out | too few",
            })
    void aFileThatCannotBeUsedIsOneSentence(String line, String sentence) {
        assertFails(line, Failures.FAILED, sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explore --out DIR/out | Missing required option: '--data=FILE'",
                "train --data x --out y --units 0 | --units is 0: use 1 or more",
                "train --data x --out y --threads 0 | --threads is 0: use 1 or more",
                "train --data x --out y --limit -1 | --limit is -1: use 0 or more",
                "train --data x --out y --learning-rate NaN | learning rate is NaN: use a number above 0",
                "fine-tune --data x --out y | give either --rehearse",
                "fine-tune --data x --out y --no-rehearsal --rehearsal 0 | --rehearsal is 0.0: use a number above 0",
                "fine-tune --data x --out y --no-rehearsal --rehearsal NaN | --rehearsal is NaN: use a number above 0",
                "fine-tune --data x --out y --no-rehearsal --freeze all | Invalid value for option '--freeze'",
                "evaluate --data x --mistakes -1 | --mistakes is -1: use 0 or more",
                "evaluate --data x --mistakes many | Invalid value for option '--mistakes'",
                "evaluate --data x --text-column y | --text-column and --label-column go together",
                "evaluate --data DIR/tweets.csv --negative x --positive X | the label x",
                "benchmark --data DIR/folder --out y --limit -1 | --limit is -1: use 0 or more",
                "import-keras x --tokenizer y --pipeline bert --out z | there is no text pipeline bert",
                "import-keras x --tokenizer y --pipeline paper-v1 --out z --max-length 0 | --max-length is 0: use 1 to",
                "import-keras x --tokenizer y --pipeline paper-v1 --out z --name a/b | a model's name",
                "score --words -1 | --words is -1: use 0 or more",
                "publish | name the file to publish, or --default",
                "publish x --default | name the file to publish, or --default",
                "publish x --keep 0 | --keep is 0: use 1 or more",
                "activate | Missing required parameter: 'VERSION'",
                "shadow | name the version to run in shadow mode, or --drop",
                "shadow x --drop | name the version to run in shadow mode, or --drop",
                "promote x | Unmatched argument at index 1: 'x'",
                "label | Missing required parameter: 'FILE'",
                "label x --labeler nobody | expected one of [person, source, weak_rule]",
                "simulate-rounds --data x --rehearse y --out z --labels 0 | --labels is 0: use 1 or more",
                "simulate-rounds --data x --rehearse y --out z --rounds -1 | --rounds is -1: use 0 or more",
                "simulate-rounds --data x --rehearse y --out z --measure-on 0 | --measure-on is 0: use 1 or more",
                "simulate-rounds --data x --rehearse y --out z --epochs 0 | --epochs is 0: use 1 or more",
                "simulate-rounds --data x --rehearse y --out z --threads 0 | --threads is 0: use 1 or more",
                "simulate-rounds --data x --rehearse y --out z --learning-rate 0 | --learning-rate is 0.0: use",
                "simulate-rounds --data x --rehearse y --out z --rehearsal -1 | --rehearsal is -1.0: use 0 or more",
                "simulate-rounds --data x --rehearse y --out z --level 1 | the level",
                "simulate-rounds --data x --rehearse y --out z --margin NaN | the margin",
                "models --kafka-config DIR/none | --kafka-config DIR/none does not exist: check the path",
                "models --kafka-config DIR/folder | --kafka-config DIR/folder is a folder: name a file",
                "models --bootstrap-servers localhost | Kafka's address localhost is not HOST:PORT: use such as",
                "models --bootstrap-servers local:host:x | Kafka's address local:host:x is not HOST:PORT",
                "models --registry localhost:8081 | the registry's address localhost:8081 is not a URL: use such as",
                "rounds --registry ftp://localhost | the registry's address ftp://localhost is not a URL",
            })
    void wrongUsageIsOneSentenceAndReadsNothing(String line, String sentence) {
        assertFails(line, Failures.USAGE, sentence);
    }

    private static final String NEEDS_KAFKA = """
            models
            rounds
            activate my-model-0123abcd
            shadow my-model-0123abcd
            shadow --drop
            promote
            publish --default
            label DIR/tweets.csv
            evaluate --model my-model-0123abcd --data DIR/tweets.csv
            explore --model my-model-0123abcd --data DIR/tweets.csv --out DIR/out
            fine-tune --model my-model-0123abcd --data DIR/tweets.csv --no-rehearsal --out DIR/m
            score --model my-model-0123abcd
            simulate-rounds --model my-model-0123abcd --data DIR/tweets.csv --rehearse DIR/tweets.csv --out DIR/out
            """;

    private static Stream<String> commandsThatNeedKafka() {
        return NEEDS_KAFKA.lines();
    }

    @ParameterizedTest
    @MethodSource("commandsThatNeedKafka")
    void withoutABrokerOrARegistryEachCommandSaysSoAtOnce(String line) {
        long start = System.nanoTime();
        assertFails(
                line + " --bootstrap-servers CLOSED --registry http://CLOSED/apis/ccompat/v7",
                Failures.UNREACHABLE,
                "Kafka at CLOSED cannot be reached (Connection refused): start it, or name another by"
                        + " --bootstrap-servers; the schema registry at http://CLOSED/apis/ccompat/v7 cannot be reached"
                        + " (Connection refused): start it, or name another by --registry");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        assertFails(
                line + " --bootstrap-servers SILENT --registry http://CLOSED",
                Failures.UNREACHABLE,
                "the schema registry at http://CLOSED cannot be reached (Connection refused): start it, or name"
                        + " another by --registry");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertFails(
                "models --bootstrap-servers no.such.host.invalid:9092 --registry http://SILENT",
                Failures.UNREACHABLE,
                "Kafka at no.such.host.invalid:9092 cannot be reached (there is no host no.such.host.invalid)");
        assertFails(
                "models --bootstrap-servers CLOSED,no.such.host.invalid:9092 --registry http://SILENT",
                Failures.UNREACHABLE,
                "cannot be reached (CLOSED: Connection refused; no.such.host.invalid:9092: there is no host");
    }

    @ParameterizedTest
    @MethodSource("commandsThatNeedKafka")
    void aServerThatNeverAnswersIsNotWaitedForLongerThanTheUserSays(String line) {
        assertFails(
                line + " --kafka-config DIR/quick.properties --bootstrap-servers SILENT --registry http://SILENT",
                Failures.UNREACHABLE,
                "SILENT accepts connections, but does not answer as Kafka does: correct --bootstrap-servers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate --data DIR/tweets.csv", "score", "explore --data DIR/tweets.csv --out DIR/out"})
    void aNameThatIsNeitherAFileNorToBeLookedUpIsSaidToBeBoth(String line) {
        assertFails(
                line + " --model nofile --bootstrap-servers CLOSED",
                Failures.UNREACHABLE,
                "there is no file nofile, and published versions cannot be looked up: Kafka at CLOSED cannot be"
                        + " reached");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        CommandRun result = CommandRun.of("evalute");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.error())
                .contains("deeptweet: Unmatched argument at index 0: 'evalute'", "Did you mean: deeptweet evaluate");
    }

    /** {@code /dev/full} fails every write as a full disk does. */
    @Test
    void aFullDiskIsOneSentence() {
        assumeThat(Path.of("/dev/full")).exists();
        assertFails(
                "evaluate --data DIR/tweets.csv --json /dev/full",
                Failures.FAILED,
                "/dev/full cannot be written (No space left on device): make room, or name another place");
    }

    /** For root, {@code /proc} is what a read-only disk is for others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "explore --data DIR/tweets.csv --out /proc/deeptweet",
                "train --data DIR/tweets.csv --out /proc/deeptweet/m",
                "fine-tune --data DIR/tweets.csv --no-rehearsal --out /proc/deeptweet/m",
                "evaluate --data DIR/tweets.csv --charts /proc/deeptweet",
                "benchmark --data DIR/folder --plans DIR/plans --out /proc/deeptweet",
                "import-keras DIR/garbage --tokenizer DIR/garbage --pipeline paper-v1 --out /proc/deeptweet/m",
                "simulate-rounds --data DIR/tweets.csv --rehearse DIR/tweets.csv --out /proc/deeptweet",
            })
    void aFolderThatCannotBeCreatedIsOneSentence(String line) {
        assumeThat(Path.of("/proc")).isDirectory();
        assertFails(line, Failures.FAILED, "the folder /proc/deeptweet cannot be created (");
    }
}
