// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.benchmark.SyntheticDataSets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkCommandTest {
    private static final String SMALL =
            "--epochs 3 --batch 32 --learning-rate 0.02 --embedding-dropout 0 --word-dropout 0 --ngrams 4096 ";
    private static final String BASE =
            "# small\n--embedding 8 --units 4 --vocabulary 200 --max-length 16 --teacher-share 0 " + SMALL;

    @TempDir
    Path folder;

    @BeforeEach
    void make() throws Exception {
        SyntheticDataSets.write(folder.resolve("data"));
        Files.createDirectories(folder.resolve("plans"));
        Files.writeString(folder.resolve("plans/v1-base"), BASE);
        Files.writeString(folder.resolve("plans/v2-modern"), SMALL + "--rehearsal 2");
        Files.writeString(folder.resolve("plans/v3-live"), SMALL + "--freeze encoder --teacher-share 0");
    }

    private CommandRun benchmark(String... options) {
        String[] all = new String[9 + options.length];
        String[] given = {
            "benchmark",
            "--data",
            folder.resolve("data").toString(),
            "--plans",
            folder.resolve("plans").toString(),
            "--models",
            folder.resolve("models").toString(),
            "--out",
            folder.resolve("out").toString()
        };
        System.arraycopy(given, 0, all, 0, given.length);
        System.arraycopy(options, 0, all, given.length, options.length);
        return CommandRun.of(all);
    }

    private ModelArtefact model(String name) throws Exception {
        return ModelArtefact.read(folder.resolve("models/" + name + ".safetensors"));
    }

    @Test
    void threeModelsAreMadeAndMeasuredAndOnlyWhatIsMissingIsMadeAnew() throws Exception {
        CommandRun run = benchmark();
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .contains(
                        "making v1-base",
                        "making v2-modern",
                        "making v3-live",
                        "epoch 1 ",
                        "## Forgetting",
                        "deeptweet benchmark --data DIR --out DIR\n")
                .doesNotContain("made already");

        ModelArtefact base = model("v1-base");
        assertThat(base.maximumLength()).isEqualTo(16);
        assertThat(model("v2-modern").parent()).contains(base.version());
        assertThat(model("v3-live").parent()).contains(model("v2-modern").version());
        JsonNode report = new ObjectMapper().readTree(model("v2-modern").report());
        assertThat(report.at("/training/settings/--rehearsal").asInt()).isEqualTo(2);
        assertThat(report.at("/besides/training.csv.gz/accuracy").asDouble()).isGreaterThan(0.5);

        JsonNode result =
                new ObjectMapper().readTree(folder.resolve("out/benchmark.json").toFile());
        assertThat(result.path("models"))
                .extracting(model -> model.path("version").asText())
                .containsExactly(
                        base.version(),
                        model("v2-modern").version(),
                        model("v3-live").version());
        assertThat(result.path("tests"))
                .extracting(test -> test.path("name").asText())
                .containsExactly("Sentiment140", "TweetEval and Kaggle", "TweetEval validation", "World Cup 2022");
        assertThat(result.at("/tests/0/evaluations/v1-base/accuracy").asDouble())
                .isGreaterThan(0.9)
                .isEqualTo(new ObjectMapper()
                        .readTree(base.report())
                        .at("/test/accuracy")
                        .asDouble());
        assertThat(result.at("/tests/0/linear/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(result.at("/tests/3/evaluations/v3-live/accuracy").asDouble())
                .isGreaterThan(
                        result.at("/tests/3/evaluations/v1-base/accuracy").asDouble());
        assertThat(ImageIO.read(folder.resolve("out/benchmark.png").toFile()).getWidth())
                .isGreaterThan(400);
        assertThat(folder.resolve("out/benchmark.html"))
                .content()
                .contains("v2-modern/learning.png")
                .doesNotContain("v3-live/learning.png");
        assertThat(folder.resolve("out/exploration/index.html"))
                .content()
                .contains("training.csv.gz", "train.tsv.gz", "Tweets.csv.gz", "world-cup-2022.csv.gz");
        for (String name : new String[] {"v1-base", "v2-modern", "v3-live"})
            assertThat(folder.resolve("out/" + name + "/report.md")).content().contains("# Evaluation of " + name);

        String first = Files.readString(folder.resolve("out/benchmark.md"));
        String third = model("v3-live").version();
        Files.delete(folder.resolve("models/v3-live.safetensors"));
        CommandRun again = benchmark();
        assertThat(again.code()).as(again.error()).isZero();
        assertThat(again.output())
                .contains("v1-base is made already", "v2-modern is made already", "making v3-live")
                .doesNotContain("epoch 1 ");
        assertThat(model("v3-live").version()).isEqualTo(third);
        assertThat(Files.readString(folder.resolve("out/benchmark.md")).substring(0, first.indexOf("## Training")))
                .isEqualTo(first.substring(0, first.indexOf("## Training")));

        assertThat(benchmark("--seed", "2").error())
                .contains("v1-base.safetensors was trained with other data, other settings:");
        Files.writeString(folder.resolve("plans/v1-base"), "--patience 1", StandardOpenOption.APPEND);
        CommandRun other = benchmark();
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.error().strip())
                .isEqualTo(folder.resolve("models/v1-base.safetensors")
                        + " was trained with other settings: delete or rename it to train it again");
        Files.writeString(folder.resolve("plans/v1-base"), BASE);
        assertThat(benchmark("--limit", "200").error()).contains("v1-base.safetensors was trained with other data:");
        assertThat(benchmark("--neutral-is-negative").error()).contains("was trained with other data:");
    }

    @Test
    void aPlanThatCannotBeIsToldWithItsName() throws Exception {
        Files.writeString(folder.resolve("plans/v2-modern"), "--freeze all");
        CommandRun run = benchmark();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.error()).contains(folder.resolve("plans/v2-modern") + ": Invalid value for option '--freeze'");
        Files.writeString(folder.resolve("plans/v2-modern"), "--rehearsal 0");
        assertThat(benchmark().error()).contains("v2-modern: --rehearsal is 0.0: a number above 0 is needed");
        Files.delete(folder.resolve("plans/v2-modern"));
        assertThat(benchmark().error().strip()).isEqualTo(folder.resolve("plans/v2-modern") + " does not exist");
        assertThat(folder.resolve("models")).doesNotExist();
    }

    @Test
    void aFileThatIsMissingIsOneSentence() throws Exception {
        Files.delete(folder.resolve("data/kaggle-tweets/Tweets.csv.gz"));
        CommandRun run = benchmark();
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.error().strip())
                .isEqualTo(folder.resolve("data/kaggle-tweets/Tweets.csv.gz") + " does not exist");
    }
}
