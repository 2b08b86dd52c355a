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

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void writeDataAndPlans() throws Exception {
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
    void threeModelsAreTrainedAndComparedAndOnlyAMissingOneIsTrainedAgain() throws Exception {
        CommandRun run = benchmark();
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .contains(
                        "training v1-base\n",
                        "training v2-modern\n",
                        "training v3-live\n",
                        "epoch 1 ",
                        "## Forgetting",
                        "deeptweet benchmark --data DIR --out DIR\n")
                .doesNotContain("exists: evaluating it");
        assertEachModelIsTheNextOnesParent();
        assertTheReportHasAllModelsAndTests();
        assertAMissingModelIsTrainedAgain();
        assertAModelOfAnotherPlanOrOtherDataIsRefused();
    }

    private void assertEachModelIsTheNextOnesParent() throws Exception {
        ModelArtefact base = model("v1-base");
        assertThat(base.maximumLength()).isEqualTo(16);
        assertThat(model("v2-modern").parent()).contains(base.version());
        assertThat(model("v3-live").parent()).contains(model("v2-modern").version());
        JsonNode report = JSON.readTree(model("v2-modern").report());
        assertThat(report.at("/training/settings/--rehearsal").asInt()).isEqualTo(2);
        assertThat(report.at("/training/settings/--teacher-share").asDouble()).isEqualTo(0.7);
        assertThat(report.at("/besides/training.csv.gz/accuracy").asDouble()).isGreaterThan(0.5);
    }

    private void assertTheReportHasAllModelsAndTests() throws Exception {
        JsonNode result = JSON.readTree(folder.resolve("out/benchmark.json").toFile());
        assertThat(result.path("models"))
                .extracting(model -> model.path("version").asText())
                .containsExactly(
                        model("v1-base").version(),
                        model("v2-modern").version(),
                        model("v3-live").version());
        assertThat(result.path("tests"))
                .extracting(test -> test.path("name").asText())
                .containsExactly("Sentiment140", "TweetEval and Kaggle", "TweetEval validation", "World Cup 2022");
        assertThat(result.at("/tests/0/evaluations/v1-base/accuracy").asDouble())
                .isGreaterThan(0.9)
                .isEqualTo(JSON.readTree(model("v1-base").report())
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
    }

    private void assertAMissingModelIsTrainedAgain() throws Exception {
        String figures = figures();
        String version = model("v3-live").version();
        Files.delete(folder.resolve("models/v3-live.safetensors"));
        CommandRun again = benchmark();
        assertThat(again.code()).as(again.error()).isZero();
        assertThat(again.output())
                .contains(
                        "v1-base.safetensors exists: evaluating it\n",
                        "v2-modern.safetensors exists: evaluating it\n",
                        "training v3-live\n")
                .doesNotContain("epoch 1 ");
        assertThat(model("v3-live").version()).isEqualTo(version);
        assertThat(figures()).isEqualTo(figures);
    }

    /** The report without the times of the training. */
    private String figures() throws Exception {
        String report = Files.readString(folder.resolve("out/benchmark.md"));
        return report.substring(0, report.indexOf("## Training"));
    }

    private void assertAModelOfAnotherPlanOrOtherDataIsRefused() throws Exception {
        assertThat(benchmark("--seed", "2").error())
                .contains("v1-base.safetensors was trained with other data, other settings: delete");
        assertThat(benchmark("--limit", "200").error()).contains("v1-base.safetensors was trained with other data: ");
        assertThat(benchmark("--neutral-is-negative").error()).contains("was trained with other data: ");
        Files.writeString(folder.resolve("plans/v1-base"), "--patience 1", StandardOpenOption.APPEND);
        CommandRun other = benchmark();
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.error())
                .isEqualTo("deeptweet benchmark: " + folder.resolve("models/v1-base.safetensors")
                        + " was trained with other settings: delete or rename it to train it again\n");
    }

    @Test
    void aWrongPlanIsNamed() throws Exception {
        Files.writeString(folder.resolve("plans/v2-modern"), "--freeze all");
        CommandRun run = benchmark();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.error()).contains(folder.resolve("plans/v2-modern") + ": Invalid value for option '--freeze'");
        Files.writeString(folder.resolve("plans/v2-modern"), "--rehearsal 0");
        assertThat(benchmark().error()).contains("v2-modern: --rehearsal is 0.0: use a number above 0");
        Files.delete(folder.resolve("plans/v2-modern"));
        assertThat(benchmark().error())
                .isEqualTo("deeptweet benchmark: " + folder.resolve("plans/v2-modern")
                        + " does not exist: check the path\n");
        assertThat(folder.resolve("models")).doesNotExist();
    }

    @Test
    void aMissingDataSetIsOneSentence() throws Exception {
        Files.delete(folder.resolve("data/kaggle-tweets/Tweets.csv.gz"));
        CommandRun run = benchmark();
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.error().strip())
                .isEqualTo("deeptweet benchmark: " + folder.resolve("data/kaggle-tweets/Tweets.csv.gz")
                        + " does not exist: check the path");
    }
}
