// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.BenchRun.Delays;
import io.deeptweet.cli.BenchRun.Drain;
import io.deeptweet.cli.BenchRun.Memory;
import io.deeptweet.cli.BenchRun.Result;
import io.deeptweet.cli.BenchRun.Shape;
import io.deeptweet.schemas.Tweet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchTest {
    private static final Memory MEMORY = new Memory(150L << 20, 200L << 20, 100L << 20, 400L << 20);

    @TempDir
    private Path folder;

    /** At 100 µs a tweet, 143,199 tweets a second keep 14.3 cores busy. */
    @Test
    void theReportSetsBothRunsSideBySideAndSaysWhatTheRecordPeakWouldNeed() {
        String report = print(report(List.of()));
        assertThat(report)
                .contains("| sustained, tweets/s | 9,000 | 18,000 | 0.50 |\n")
                .contains("| CPU of the classifier, µs a tweet | 100 | 25 | 4.00 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p50 | 60 | 50 | 1.20 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p99 | 130 | 120 | 1.08 |\n")
                .contains("| delay at 1,000 tweets/s, ms: p99.9 | 160 | 140 | 1.14 |\n")
                .contains("| delay at 4,500 tweets/s (held: 4,100 and 4,500), ms: p50 |")
                .contains("Lost, doubled, or missing in a window: none.")
                .contains("| 4 | 2 | 2 | 9,000 | 100 | 40 | 1.3 |\n")
                .contains("| resident in all, at most | 400 (fits into 768) |\n")
                .contains(
                        "At 100 µs a tweet that is 14.3 cores of classifiers; planned for 70 % load, 21 partitions and threads, such as 6 instances of 4 threads.")
                .contains(
                        "busy with 5.7 cores at one replica, and write 29 MB/s of `tweets.raw` and 36 MB/s of `tweets.scored`")
                .doesNotContain("null", "NaN", "Quick");
    }

    @Test
    void whatWasLostIsInTheReport() {
        assertThat(print(report(List.of("3 of 300000 tweets did not come out"))))
                .contains("Lost, doubled, or missing in a window: 3 of 300000 tweets did not come out.");
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
    void madeTweetsAreAsLongAsRealOnesAlwaysTheSameAndNumbered() throws Exception {
        Path sample = Files.writeString(
                folder.resolve("sample.jsonl"),
                "{\"data\": {\"lang\": \"en\", \"text\": \"such a lovely morning, really!\"}}\nbroken\n{\"data\": {\"lang\": \"tr\", \"text\": \"gün\"}}\n");
        BenchTweets made = BenchTweets.made(sample);
        assertThat(made.meanWords()).isBetween(11.0, 15.0);
        assertThat(made.texts())
                .allSatisfy(text -> assertThat(text.length()).isBetween(1, 145))
                .noneMatch(text -> text.contains("gün"));
        assertThat(made).isEqualTo(BenchTweets.made(sample));

        Set<String> ids = new HashSet<>();
        for (int number = 0; number < 50_000; number++) {
            Tweet tweet = made.tweet(number, Instant.EPOCH);
            assertThat(BenchTweets.number(tweet.getId())).isEqualTo(number);
            ids.add(tweet.getId());
        }
        assertThat(ids).hasSize(50_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rates=fast | --rates has fast: use tweets a second, 1 to 999999, or 1% to 99%",
                "--rates=1000,100% | --rates has 100%: use",
                "--tweets=10 | --tweets is 10: use 1000 or more",
                "--seconds=0 | --seconds is 0: use 1 or more",
                "--partitions=0 | --partitions is 0: use 1 or more",
                "--feed=nowhere.csv | --feed nowhere.csv cannot be read: name a file of tweets",
                "--json=nowhere/bench.json | there is no folder"
            })
    void aWrongOptionIsSaidBeforeAnythingStarts(String option, String sentence) {
        StringWriter err = new StringWriter();
        CommandLine commands = DeepTweet.commandLine().setErr(new PrintWriter(err));
        assertThat(commands.execute("bench", option)).isEqualTo(2);
        assertThat(err.toString()).contains(sentence);
    }

    private static BenchReport report(List<String> lost) {
        List<Delays> scoredDelays =
                List.of(new Delays(1000, 1000, 60, 130, 160, 200), new Delays(4500, 4100, 70, 150, 180, 220));
        List<Delays> passedDelays =
                List.of(new Delays(1000, 1000, 50, 120, 140, 160), new Delays(4500, 4500, 55, 130, 150, 170));
        Result scored = new Result(
                new Shape(2, 1),
                true,
                new Drain(300_000, 9_000, 0.1, 100, 40, 200, 250),
                scoredDelays,
                MEMORY,
                List.of());
        Result passed = new Result(
                new Shape(2, 1),
                false,
                new Drain(300_000, 18_000, 0.1, 25, 40, 200, 250),
                passedDelays,
                MEMORY,
                List.of());
        Result wide = new Result(
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
