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
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.network.ReferenceScorer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** The paper's, with fewer units: as good, and a third of the time. */
    @Test
    void itHasTheShapeThatItsCardTells() {
        Weights weights = model.weights();
        assertThat(weights.words()).isEqualTo(Vocabulary.DEFAULT_SIZE);
        assertThat(weights.embeddingSize()).isEqualTo(150);
        assertThat(weights.units()).isEqualTo(32);
        assertThat(Path.of("reports/v3-live/MODEL_CARD.md"))
                .content()
                .contains("(20,001 × 150)", "(32 a side)", "2,097,152 weights");
        assertThat(weights.ngrams()).hasSize(2_097_152);
        assertThat(model.pipeline().name()).isEqualTo("deeptweet");
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
    void whatIsPlainlyPositiveIsPositive(String text) {
        assertThat(scorer.score(text).probability()).isGreaterThan(0.8f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I hate this, so sad",
                "my phone broke again and I can't afford a new one",
                "worst day ever, I'm sick",
                "I don't want to go to work"
            })
    void whatIsPlainlyNegativeIsNegative(String text) {
        assertThat(scorer.score(text).probability()).isLessThan(0.2f);
    }

    @Test
    void realTweetsScoreAsInTheReference() throws Exception {
        Path data = Path.of(System.getProperty("deeptweet.data", "")).resolve("sentiment140/training.csv.gz");
        assumeTrue(
                Files.exists(data), "real tweets are not here (system property deeptweet.data): not compared on them");
        List<LabeledText> tweets = DataSetReader.read(data).texts();
        ReferenceScorer reference = ReferenceScorer.of(model);
        for (int i = 0; i < tweets.size(); i += tweets.size() / 300) {
            String text = tweets.get(i).text();
            assertThat(scorer.score(text).probability())
                    .isCloseTo(reference.score(text).probability(), within(1e-5f));
        }
    }
}
