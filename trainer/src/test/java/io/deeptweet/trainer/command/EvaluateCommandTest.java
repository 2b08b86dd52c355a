// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.RandomModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the model that DeepTweet ships. */
class EvaluateCommandTest {
    @TempDir
    Path folder;

    @Test
    void figuresMistakesAndPicturesAreShown() throws Exception {
        Path data = Files.writeString(folder.resolve("tweets.csv"), """
        text,sentiment
        "I love this, thank you!",positive
        what a great day,positive
        so happy today \u001b[31m,negative
        I hate mondays,negative
        I'm so sick,negative
        the bus leaves at nine,neutral
        """);
        CommandRun run = CommandRun.of(
                "evaluate",
                "--data",
                data.toString(),
                "--json",
                folder.resolve("result.json").toString(),
                "--charts",
                folder.resolve("charts").toString());
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .contains(
                        "tweets.csv: 6 rows, dropped none",
                        "macro recall",
                        "negative: 2 classified as negative, 0 classified as neutral, 1 classified as positive",
                        " is negative: so happy today \uFFFD[31m");

        JsonNode result =
                new ObjectMapper().readTree(folder.resolve("result.json").toFile());
        assertThat(result.at("/evaluation/accuracy").asDouble()).isCloseTo(5 / 6.0, Offset.offset(1e-9));
        assertThat(result.at("/evaluation/macro_recall").asDouble())
                .isCloseTo((2 / 3.0 + 1 + 1) / 3, Offset.offset(1e-9));
        assertThat(result.at("/mistakes")).hasSize(1);
        assertThat(result.at("/mistakes/0/label").asText()).isEqualTo("negative");
        for (String chart : new String[] {"confusion.png", "precision-recall.png"})
            assertThat(ImageIO.read(folder.resolve("charts").resolve(chart).toFile())
                            .getWidth())
                    .isGreaterThan(400);
    }

    @Test
    void labelsAndColumnsCanBeNamed() throws Exception {
        Path data = Files.writeString(
                folder.resolve("tweets.tsv"), "mood\twhat\nglad\tI love it\nsad\tI hate it\nmeh\tnothing\n");
        CommandRun run = CommandRun.of(
                "evaluate",
                "--data",
                data.toString(),
                "--text-column",
                "what",
                "--label-column",
                "mood",
                "--positive",
                "glad",
                "--negative",
                "sad,angry",
                "--neutral",
                "meh");
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output()).contains("dropped none").containsPattern("texts +\\| +3 ");
        Path two = folder.resolve("two.safetensors");
        RandomModels.model(List.of("love", "hate"), 6, 4, 1).write(two);
        CommandRun ofTwo = CommandRun.of(
                "evaluate",
                "--data",
                data.toString(),
                "--model",
                two.toString(),
                "--text-column",
                "what",
                "--label-column",
                "mood",
                "--positive",
                "glad",
                "--negative",
                "sad",
                "--neutral",
                "meh");
        assertThat(ofTwo.output()).contains("dropped 1 (1 neutral)").containsPattern("texts +\\| +2 ");
        assertThat(CommandRun.of("evaluate", "--data", data.toString(), "--text-column", "what")
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of(
                                "evaluate",
                                "--data",
                                data.toString(),
                                "--model",
                                folder.resolve("none.safetensors").toString())
                        .error())
                .contains("none.safetensors does not exist");
    }

    @Test
    void oneClassAloneIsMeasuredToo() throws Exception {
        Path data = Files.writeString(
                folder.resolve("happy.csv"), "text,sentiment\nI love it,positive\nI hate it,positive\n");
        CommandRun run = CommandRun.of(
                "evaluate",
                "--data",
                data.toString(),
                "--charts",
                folder.toString(),
                "--json",
                folder.resolve("result.json").toString());
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .containsPattern("recall, positive +\\| +0.5000")
                .doesNotContain("ROC AUC", "neutral");
        assertThat(folder.resolve("result.json"))
                .content()
                .contains("\"log_loss\"")
                .doesNotContain("NaN", "roc_auc");
        assertThat(folder.resolve("precision-recall.png")).exists();
    }
}
