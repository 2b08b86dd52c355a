// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.KernelScorer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
    @TempDir
    Path folder;

    private final InputStream before = System.in;

    @AfterEach
    void restore() {
        System.setIn(before);
    }

    /** With the model that DeepTweet ships. */
    @Test
    void eachLineGivesALineOfJson() throws Exception {
        System.setIn(new ByteArrayInputStream(
                "I love this \"song\" 😀\n\nworst day, I hate it\n".getBytes(StandardCharsets.UTF_8)));
        CommandRun run = CommandRun.of("score", "--words", "2");
        assertThat(run.code()).as(run.error()).isZero();
        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(3);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("text").asText()).isEqualTo("I love this \"song\" 😀");
        assertThat(first.path("sentiment").asText()).isEqualTo("positive");
        assertThat(first.at("/probabilities/positive").asDouble()).isGreaterThan(0.8);
        assertThat(first.at("/probabilities/neutral").asDouble()).isBetween(0.0, 0.2);
        assertThat(first.at("/words")).hasSizeLessThanOrEqualTo(2);
        assertThat(first.at("/words/love/polarity").asDouble()).isPositive();
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("words")).isEmpty();
        JsonNode last = new ObjectMapper().readTree(lines.get(2));
        assertThat(last.path("sentiment").asText()).isEqualTo("negative");
        assertThat(last.path("words").fieldNames())
                .toIterable()
                .hasSizeLessThanOrEqualTo(2)
                .containsAnyOf("worst", "hate");
    }

    @Test
    void aModelOfTwoClassesHasNoNeutralTextsAndNoOpinions() throws Exception {
        Path file = folder.resolve("two.safetensors");
        RandomModels.model(List.of("good", "bad", "day"), 6, 4, 1).write(file);
        System.setIn(new ByteArrayInputStream("good day\n".getBytes(StandardCharsets.UTF_8)));
        CommandRun run = CommandRun.of("score", "--model", file.toString());
        assertThat(run.code()).as(run.error()).isZero();
        JsonNode line = new ObjectMapper().readTree(run.output());
        assertThat(line.at("/probabilities/neutral").asDouble()).isZero();
        assertThat(line.path("words")).isNotEmpty();
        for (JsonNode word : line.path("words"))
            assertThat(word.path("opinion").asDouble()).isZero();
    }

    @Test
    void aModelOfThreeClassesGivesThreeProbabilitiesAndOpinions() throws Exception {
        Path file = folder.resolve("three.safetensors");
        RandomModels.withHeads(2, List.of("good", "bad", "day"), 6, 4, 64, 5).write(file);
        System.setIn(new ByteArrayInputStream("good good day, good\n".getBytes(StandardCharsets.UTF_8)));
        CommandRun run = CommandRun.of("score", "--words", "10", "--model", file.toString());
        assertThat(run.code()).as(run.error()).isZero();
        JsonNode line = new ObjectMapper().readTree(run.output());
        assertThat(line.path("probabilities").fieldNames())
                .toIterable()
                .containsExactly("negative", "neutral", "positive");
        double sum = 0;
        for (JsonNode probability : line.path("probabilities")) sum += probability.asDouble();
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(line.at("/probabilities/" + line.path("sentiment").asText()).asDouble())
                .isGreaterThan(1 / 3.0);
        Explanation explanation = KernelScorer.of(ModelArtefact.read(file)).explain("good good day, good");
        List<Explanation.Term> strongest = explanation.decisive(10);
        assertThat(strongest).isNotEmpty();
        assertThat(line.path("words").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        strongest.stream().map(Explanation.Term::token).toList());
        for (Explanation.Term term : strongest) {
            JsonNode word = line.path("words").path(term.token());
            assertThat(word.path("polarity").asDouble()).isCloseTo(term.polarity(), within(0.0005001));
            assertThat(word.path("opinion").asDouble()).isCloseTo(term.opinion(), within(0.0005001));
        }
    }
}
