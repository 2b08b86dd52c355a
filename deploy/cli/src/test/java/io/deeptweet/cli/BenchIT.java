// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.RunningDeepTweet.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark as a user runs it, for a few seconds each: that it loses nothing and its tables are whole, not how fast
 * it is.
 */
class BenchIT {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @TempDir
    private Path folder;

    @Test
    void everyTweetIsAccountedForAndTheTablesAreWhole() throws Exception {
        Path json = folder.resolve("bench.json");
        Path sample = RunningDeepTweet.installation(folder).sampleFeed();
        Result result = RunningDeepTweet.run(
                folder,
                PATIENCE,
                "bench",
                "--quick",
                "--feed=" + sample,
                "--json=" + json,
                "--set=deeptweet.window.sizes=10s,1m");

        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(
                        "publishing the default model",
                        "reading " + sample,
                        "of 15,000 scored",
                        "of 15,000 passed through",
                        "at 300 a second")
                .contains("15,000 tweets, tweets.jsonl, of ", "**Quick:")
                .contains("Lost, doubled, or missing in a window: none.")
                .contains("On paper: the most tweets a second", " 143,199")
                .doesNotContain("NaN", "null", "Infinity");
        String number = " [\\d,]+ ";
        assertThat(result.output())
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
