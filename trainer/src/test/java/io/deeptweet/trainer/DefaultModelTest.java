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
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.CheckSuite;
import io.deeptweet.trainer.check.ModelCheck;
import io.deeptweet.trainer.check.TestResult;
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
        assertThat(Path.of("reports/default/MODEL_CARD.md"))
                .content()
                .contains("(20,001 × 150)", "(32 units in each direction)", "2,097,152 weights");
    }

    @Test
    void itsReportIsTheOneInTheRepository() throws Exception {
        JsonNode report = new ObjectMapper().readTree(model.report());
        assertThat(new ObjectMapper().readTree(Files.readString(Path.of("reports/default/report.json"))))
                .isEqualTo(report);
        assertThat(Path.of("reports/default/MODEL_CARD.md")).content().contains("`" + model.version() + "`");
        assertThat(report.at("/test/macro_recall").asDouble()).isGreaterThan(0.65);
        assertThat(report.at("/test/calibration_error").asDouble()).isLessThan(0.03);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I love this, thank you so much!",
                "what a great day, so happy",
                "RT @bob: best concert ever!!!",
                "Good morning :)",
                "not bad at all",
                "this is fire 🔥",
                "I can't believe how good this is",
                "Friday, inbox zero, laptop closed. Bliss."
            })
    void positiveTextsArePositive(String text) {
        assertThat(scorer.score(text).sentiment()).isEqualTo(SentimentClass.POSITIVE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I hate this, so sad",
                "my phone broke again and I can't afford a new one",
                "worst day ever, I'm sick",
                "I don't want to go to work",
                "this was not a good film"
            })
    void negativeTextsAreNegative(String text) {
        assertThat(scorer.score(text).sentiment()).isEqualTo(SentimentClass.NEGATIVE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fed raises interest rates",
                "The meeting is on Monday at 10",
                "Parliament votes on the budget in March",
                "My sister works for a bank in Lagos"
            })
    void neutralTextsAreNeutral(String text) {
        assertThat(scorer.score(text).sentiment()).isEqualTo(SentimentClass.NEUTRAL);
    }

    /** What it does with negation, names, places and groups: a round of worse training would show here. */
    @Test
    void itPassesMostOfTheBehaviouralTests() {
        ModelCheck check = new ModelCheck(scorer, 0.2, 0);
        List<TestResult> results =
                CheckSuite.shipped().tests().stream().map(check::run).toList();
        assertThat(results.stream()
                        .mapToDouble(TestResult::failureRate)
                        .average()
                        .orElseThrow())
                .isLessThan(0.2);
    }

    @Test
    void itsFileIsSmallerThanTwelveMegabytes() {
        assertThat(model.toBytes().length).isLessThan(12_000_000);
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
            for (SentimentClass sentiment : SentimentClass.values())
                assertThat(scorer.score(sample.get(i)).of(sentiment))
                        .as(sample.get(i))
                        .isCloseTo(expected.get(i).of(sentiment), within(1e-5f));
    }
}
