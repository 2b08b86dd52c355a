// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.CommandRun;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.Tweet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchReportTest {
    private static final Memory MEMORY = new Memory(150L << 20, 200L << 20, 100L << 20, 400L << 20);

    @TempDir
    private Path folder;

    /** At 100 µs a tweet, 143,199 tweets a second keep 14.3 cores busy. */
    @Test
    void theReportComparesBothRunsAndExtrapolatesToTheRecordPeak() {
        String report = print(report(List.of()));
        assertThat(report)
                .contains("| sustained, tweets/s | 9,000 | 18,000 | 0.50 |\n")
                .contains("| CPU of the classifier, µs a tweet | 100 | 25 | 4.00 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p50 | 60 | 50 | 1.20 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p99 | 130 | 120 | 1.08 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p99.9 | 160 | 140 | 1.14 |\n")
                .contains("| delay at 4,500 tweets/s (held: 4,100 and 4,500), ms: p50 |")
                .contains("Lost, duplicated or missing in a window: none.")
                .contains("| 4 | 2 | 2 | 9,000 | 100 | 40 | 1.3 |\n")
                .contains("| resident in all, at most | 400 (fits into 768) |\n")
                .contains("At 100 µs per tweet this takes 14.3 cores of classifiers, or, planned for 70 % load, 21"
                        + " partitions and threads.")
                .contains("need 5.7 cores at one replica and write 29 MB/s of `tweets.raw` and 36 MB/s of"
                        + " `tweets.scored`")
                .doesNotContain("null", "NaN", "Quick");
    }

    @Test
    void theReportSaysWhatWasLost() {
        assertThat(print(report(List.of("3 of 300000 tweets did not come out"))))
                .contains("Lost, duplicated or missing in a window: 3 of 300000 tweets did not come out.");
    }

    @Test
    void theFiguresAreWrittenAsJson() throws Exception {
        Path file = folder.resolve("bench.json");
        report(List.of()).writeJson(file);
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertThat(json.at("/scored/drain/perSecond").asDouble()).isEqualTo(9000);
        assertThat(json.at("/passedThrough/delays/0/p99").asInt()).isEqualTo(120);
        assertThat(json.at("/scaling/0/shape/instances").asInt()).isEqualTo(2);
        assertThat(json.at("/scored/memory/resident").asLong()).isEqualTo(400L << 20);
    }

    @Test
    void threadsAreDividedAmongInstancesSoThatEveryPartitionHasOne() {
        assertThat(new Shape(4, 1).threads()).isEqualTo(4);
        assertThat(new Shape(4, 2).threads()).isEqualTo(2);
        assertThat(new Shape(3, 2).threads()).isEqualTo(2);
    }

    @Test
    void generatedTweetsAreAsLongAsRealOnesAlwaysTheSameAndNumbered() throws Exception {
        Path sample = Files.writeString(folder.resolve("sample.jsonl"), """
                {"data": {"lang": "en", "text": "such a lovely morning, really!"}}
                broken
                {"data": {"lang": "tr", "text": "gün"}}
                """);
        BenchTweets generated = BenchTweets.generated(sample);
        assertThat(generated.meanWords()).isBetween(11.0, 15.0);
        assertThat(generated.texts())
                .allSatisfy(text -> assertThat(text.length()).isBetween(1, 145))
                .noneMatch(text -> text.contains("gün"));
        assertThat(generated).isEqualTo(BenchTweets.generated(sample));

        Set<String> ids = new HashSet<>();
        for (int number = 0; number < 50_000; number++) {
            Tweet tweet = generated.tweet(number, Instant.EPOCH);
            assertThat(BenchTweets.number(tweet.getId())).isEqualTo(number);
            ids.add(tweet.getId());
        }
        assertThat(ids).hasSize(50_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rates=fast | --rates has fast: use tweets per second, 1 to 999999, or 1% to 99%",
                "--rates=1000,100% | --rates has 100%: use",
                "--tweets=10 | --tweets is 10: use 1000 or more",
                "--seconds=0 | --seconds is 0: use 1 or more",
                "--partitions=0 | --partitions is 0: use 1 or more",
                "--feed=nowhere.csv | --feed nowhere.csv cannot be read: name a file of tweets",
                "--json=nowhere/bench.json | there is no folder"
            })
    void aWrongOptionIsReportedBeforeAnythingStarts(String option, String sentence) {
        CommandRun bench = CommandRun.of(new Installation(folder, Map.of()), "bench", option);
        assertThat(bench.code()).isEqualTo(2);
        assertThat(bench.err()).contains(sentence);
    }

    private static BenchReport report(List<String> lost) {
        List<Delays> scoredDelays =
                List.of(new Delays(1000, 1000, 60, 130, 160, 200), new Delays(4500, 4100, 70, 150, 180, 220));
        List<Delays> passedDelays =
                List.of(new Delays(1000, 1000, 50, 120, 140, 160), new Delays(4500, 4500, 55, 130, 150, 170));
        RunResult scored = new RunResult(
                new Shape(2, 1),
                true,
                new Drain(300_000, 9_000, 0.1, 100, 40, 200, 250),
                scoredDelays,
                MEMORY,
                List.of());
        RunResult passed = new RunResult(
                new Shape(2, 1),
                false,
                new Drain(300_000, 18_000, 0.1, 25, 40, 200, 250),
                passedDelays,
                MEMORY,
                List.of());
        RunResult wide = new RunResult(
                new Shape(4, 2), true, new Drain(300_000, 9_000, 0.1, 100, 40, 200, 250), List.of(), MEMORY, List.of());
        return new BenchReport(
                new BenchTweets("made", List.of("a lovely day")), false, 30, 0.1, scored, passed, List.of(wide), lost);
    }

    private static String print(BenchReport report) {
        StringWriter out = new StringWriter();
        report.print(new PrintWriter(out, true));
        return out.toString();
    }
}
