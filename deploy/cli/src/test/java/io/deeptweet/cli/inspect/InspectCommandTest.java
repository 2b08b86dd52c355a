// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.trainer.command.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {
    private static final String PAGES = """
            {"data":[{"id":"1","text":"so good","lang":"en","author_id":"7","created_at":"2026-01-01T00:00:00Z"},\
            {"id":"2","text":"RT @ada: so good","lang":"en"}],\
            "includes":{"users":[{"id":"7","username":"ada"}]}}
            {"delete":{"status":{"id":7}}}
            {"id":"3","text":"gut","lang":"de"}
            {"id":"4","text":"so bad","created_at":"soon"}
            {"id":"5","text":"so bad","created_at":"soon"}
            not JSON
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theReportSaysWhatIngestWouldDo() throws IOException {
        assertThat(inspect(file("tweets.jsonl", PAGES))).isEqualTo(1);
        assertThat(out.toString().lines().map(String::strip))
                .contains(
                        "1  x-api-v2-page",
                        "1  x-api-v1.1-notice",
                        "3  x-api-v2",
                        "1  unknown",
                        "2  would be published: post 1, retweet 1",
                        "1  would be filtered by language: de 1",
                        "1  would be skipped: delete 1",
                        "3  would be rejected",
                        "2  invalid-field: created_at is not a date from 1970 on: \"soon\" (first in line 4)",
                        "1  2026-01-01T00:00:00Z  en  @ada  post",
                        "so good")
                .anyMatch(line -> line.endsWith("tweets.jsonl: json, 6 records"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theReportIsOneObjectForScripts() throws IOException {
        assertThat(inspect(file("tweets.jsonl", PAGES), "--json", "--languages", "*", "--show", "1"))
                .isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("records").asInt()).isEqualTo(6);
        assertThat(report.path("published").asInt()).isEqualTo(3);
        assertThat(report.path("shapes").path("x-api-v2-page").asInt()).isEqualTo(1);
        assertThat(report.path("rejected").path(0).path("count").asInt()).isEqualTo(2);
        assertThat(report.path("tweets")).hasSize(1);
        assertThat(report.path("tweets").path(0).path("author").asText()).isEqualTo("ada");
    }

    @Test
    void aCleanFileHasExitCodeZero() throws IOException {
        assertThat(inspect(file("tweets.csv", "key;words\n7;so good\n"), "--field", "text=words", "--field", "id=key"))
                .isZero();
        assertThat(out.toString()).contains("1  would be published", "0  would be rejected", "so good");
    }

    @Test
    void whatAFileHoldsIsEscaped() throws IOException {
        assertThat(inspect(file(
                        "a.jsonl", "{\"id\":\"1\\u001b[2J\",\"text\":\"a\\u001b[2Jb\\nc\"}\n{\"id\":\"\\u0007\"}\n")))
                .isEqualTo(1);
        assertThat(out.toString()).doesNotContain("\u001b", "\u0007").hasLineCount(13);
    }

    @Test
    void aFileThatCannotBeReadIsOneSentence() throws IOException {
        assertThat(inspect(folder.resolve("gone.csv"))).isEqualTo(1);
        assertThat(err.toString()).contains("gone.csv").hasLineCount(1);
        byte[] gzip = {31, (byte) 139, 8, 0};
        Path damaged = Files.write(folder.resolve("a.csv.gz"), gzip);
        assertThat(inspect(damaged)).isEqualTo(1);
        assertThat(err.toString()).contains("a.csv.gz is incomplete");
    }

    @Test
    void wrongOptionsAreNamed() throws IOException {
        Path file = file("a.txt", "so good\n");
        assertThat(inspect(file, "--show", "-1")).isEqualTo(2);
        assertThat(inspect(file, "--field", "body=Text")).isEqualTo(2);
        assertThat(inspect(file, "--languages", "english")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--show is -1", "--field names body: use id, text", "--languages is english");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private int inspect(Path file, String... options) {
        return new CommandLine(new InspectCommand())
                .setParameterExceptionHandler(new Failures())
                .setExecutionExceptionHandler(new Failures())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of(file.toString()), Stream.of(options))
                        .toArray(String[]::new));
    }
}
