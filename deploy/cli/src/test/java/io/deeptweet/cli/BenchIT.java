// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.stack.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark with a few seconds for each measurement: that it loses nothing and its tables are complete. */
class BenchIT {
    @TempDir
    private Path folder;

    @Test
    void everyTweetIsAccountedForAndTheTablesAreComplete() throws Exception {
        Path json = folder.resolve("bench.json");
        Installation installation = ScriptProcess.installation(folder);
        Path sample = installation.sampleFeed();
        CommandRun bench = CommandRun.of(
                installation,
                "bench",
                "--quick",
                "--feed=" + sample,
                "--json=" + json,
                "--set=deeptweet.window.sizes=10s,1m");

        assertThat(bench.code()).as(bench.toString()).isZero();
        assertThat(bench.err())
                .contains(
                        "publishing the default model",
                        "reading " + sample,
                        "of 15,000 scored",
                        "of 15,000 passed through",
                        "at 300 a second");
        assertThat(bench.out())
                .contains("15,000 tweets, tweets.jsonl, of ", "**Quick:")
                .contains("Lost, duplicated or missing in a window: none.")
                .contains("Extrapolated: ", " 143,199 tweets/s")
                .doesNotContain("NaN", "null", "Infinity");
        String number = " [\\d,]+ ";
        assertThat(bench.out())
                .containsPattern("\\| sustained, tweets/s \\|" + number + "\\|" + number + "\\| [\\d.]+ \\|")
                .containsPattern("\\| CPU of the classifier, µs a tweet \\|" + number + "\\|")
                .containsPattern("\\| delay at 300 tweets/s.*, ms: p99.9 \\|" + number + "\\|" + number + "\\|")
                .containsPattern("\\| 2 \\| 2 \\| 1 \\|" + number + "\\|")
                .containsPattern("\\| heap, used \\|" + number + "\\|");

        JsonNode figures = new ObjectMapper().readTree(Files.readString(json));
        for (JsonNode run : List.of(
                figures.path("scored"),
                figures.path("passedThrough"),
                figures.path("scaling").path(0))) {
            assertThat(run.path("lost")).isEmpty();
            assertThat(run.at("/drain/tweets").asInt()).isEqualTo(15_000);
            assertThat(run.at("/drain/perSecond").asDouble()).isPositive();
            assertThat(run.at("/drain/scoredBytes").asDouble())
                    .isGreaterThan(run.at("/drain/rawBytes").asDouble() / 2);
        }
        assertThat(figures.at("/scored/delays/0/rate").asInt()).isEqualTo(300);
        assertThat(figures.at("/scored/memory/committedHeap").asLong()).isPositive();
    }
}
