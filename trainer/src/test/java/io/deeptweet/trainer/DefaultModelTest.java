// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.network.ReferenceScorer;
import io.deeptweet.trainer.train.Architecture;
import io.deeptweet.trainer.train.Hyperparameters;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model that DeepTweet ships. */
class DefaultModelTest {
    private static ModelArtefact model;
    private static Scorer scorer;

    @BeforeAll
    static void read() throws Exception {
        try (InputStream in = DefaultModelTest.class.getResourceAsStream("/default-model.safetensors")) {
            model = ModelArtefact.read(in.readAllBytes());
        }
        scorer = KernelScorer.of(model);
    }

    /** The paper's network has 80 units; 32 are as good in a third of the time. */
    @Test
    void itHasTheDefaultArchitectureWhichItsCardStates() {
        Weights weights = model.weights();
        assertThat(weights.words()).isEqualTo(Architecture.DEFAULT.vocabularySize());
        assertThat(weights.embeddingSize()).isEqualTo(Architecture.DEFAULT.embeddingSize());
        assertThat(weights.units()).isEqualTo(Architecture.DEFAULT.units());
        assertThat(weights.buckets()).isEqualTo(Hyperparameters.FROM_SCRATCH.ngramBuckets());
        assertThat(model.pipeline().name())
                .isEqualTo(Architecture.DEFAULT.pipeline().name());
        assertThat(Path.of("reports/v3-live/MODEL_CARD.md"))
                .content()
                .contains("(20,001 × 150)", "(32 units in each direction)", "2,097,152 weights");
    }

    @Test
    void itsReportIsTheOneInTheRepository() throws Exception {
        JsonNode report = new ObjectMapper().readTree(model.report());
        assertThat(new ObjectMapper().readTree(Files.readString(Path.of("reports/v3-live/report.json"))))
                .isEqualTo(report);
        assertThat(Path.of("reports/v3-live/MODEL_CARD.md")).content().contains("`" + model.version() + "`");
        assertThat(report.at("/test/accuracy").asDouble()).isGreaterThan(0.92);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I love this, thank you so much!",
                "what a great day, so happy",
                "RT @bob: best concert ever!!!",
                "Good morning :)"
            })
    void clearlyPositiveTextsArePositive(String text) {
        assertThat(scorer.score(text).polarity()).isGreaterThan(0.8f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I hate this, so sad",
                "my phone broke again and I can't afford a new one",
                "worst day ever, I'm sick",
                "I don't want to go to work"
            })
    void clearlyNegativeTextsAreNegative(String text) {
        assertThat(scorer.score(text).polarity()).isLessThan(0.2f);
    }

    @Test
    void realTweetsHaveTheScoresOfTheReferenceImplementation() throws Exception {
        Path data = Path.of(System.getProperty("deeptweet.data", "")).resolve("kaggle-tweets/Tweets.csv.gz");
        assumeTrue(Files.exists(data), "needs real tweets (system property deeptweet.data)");
        List<LabeledText> tweets = DataSetReader.read(data).texts();
        List<String> sample = IntStream.range(0, 300)
                .mapToObj(i -> tweets.get(i * tweets.size() / 300).text())
                .toList();
        List<Score> expected = ReferenceScorer.of(model).score(sample);
        for (int i = 0; i < sample.size(); i++)
            assertThat(scorer.score(sample.get(i)).polarity())
                    .as(sample.get(i))
                    .isCloseTo(expected.get(i).polarity(), within(1e-5f));
    }
}
