// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.publish.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a model that knows the words, but not their sentiment. */
class SimulateRoundsCommandTest {
    private static final List<String> GOOD = List.of("good", "great", "fine", "lovely");
    private static final List<String> BAD = List.of("bad", "awful", "sad", "horrid");

    @TempDir
    Path folder;

    private final ModelArtefact model = TestModels.untrained(IntStream.range(0, 8)
            .mapToObj(i -> i < 4 ? GOOD.get(i) : BAD.get(i - 4))
            .toList());

    private Path tweets(String name, String topic, int count) throws Exception {
        StringBuilder table = new StringBuilder("text,sentiment\n");
        for (int i = 0; i < count; i++)
            table.append("the %s word%d is %s%n"
                    .formatted(
                            topic,
                            i,
                            i % 2 == 0 ? GOOD.get(i / 2 % 4) + ",positive" : BAD.get(i / 2 % 4) + ",negative"));
        return Files.writeString(folder.resolve(name), table);
    }

    @Test
    void roundsLearnFromTheLabelsAndAreReported() throws Exception {
        Path file = folder.resolve("base.safetensors");
        model.write(file);
        Path out = folder.resolve("simulation");
        CommandRun run = CommandRun.of(
                "simulate-rounds",
                "--model",
                file.toString(),
                "--data",
                tweets("newer.csv", "film", 520).toString(),
                "--rehearse",
                tweets("training.csv", "song", 200).toString(),
                "--out",
                out.toString(),
                "--labels",
                "200",
                "--measure-on",
                "100",
                "--epochs",
                "8",
                "--learning-rate",
                "0.05",
                // The first model has learned nothing that it could lose.
                "--behaviour-margin",
                "1",
                "--changed-verdicts",
                "1");
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .containsPattern("newer.csv\n4[12]. texts to feed, 100 to measure on, 20 in the guard set\n")
                .containsPattern("round 0 +0 labels .*" + model.version() + ": the first model")
                .containsPattern("round 2 +400 labels ")
                .doesNotContain("round 3 ")
                .contains("written to " + out + ": rounds.md, rounds.json, rounds.png");

        JsonNode rounds = new ObjectMapper().readTree(out.resolve("rounds.json").toFile());
        assertThat(rounds).hasSize(3);
        assertThat(rounds.at("/0/active").asText()).isEqualTo(model.version());
        int published = rounds.at("/1/published").asBoolean() ? 1 : 2;
        assertThat(rounds.at("/" + published + "/published").asBoolean())
                .as(rounds.toString())
                .isTrue();
        assertThat(rounds.at("/" + published + "/bytes").asLong())
                .as("the embedding is frozen, and not sent again")
                .isPositive()
                .isLessThan(rounds.at("/0/bytes").asLong());
        assertThat(rounds.at("/2/accuracy").asDouble())
                .isGreaterThan(rounds.at("/0/accuracy").asDouble())
                .isGreaterThan(0.9);
        assertThat(out.resolve("rounds.md"))
                .content()
                .contains(
                        "# Simulated fine-tuning rounds",
                        "Labels of newer.csv, fed in their order to " + model.version(),
                        "on 20 texts of training.csv",
                        "| 1 | 200 | ",
                        "- Round " + published + " published: ");
        assertThat(ImageIO.read(out.resolve("rounds.png").toFile()).getWidth()).isGreaterThan(400);
    }

    @Test
    void textsThatTheModelWasTrainedOnAreNotFed() throws Exception {
        Path file = folder.resolve("base.safetensors");
        model.write(file);
        Path tweets = tweets("tweets.csv", "song", 200);
        CommandRun run = CommandRun.of(
                "simulate-rounds",
                "--model",
                file.toString(),
                "--data",
                tweets.toString(),
                "--rehearse",
                tweets.toString(),
                "--out",
                folder.resolve("out").toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.error())
                .isEqualTo("deeptweet simulate-rounds: tweets.csv: 0 texts are new to the model, too few to measure on"
                        + " 2000 and to feed 1000: use more texts, or smaller numbers\n");
    }
}
