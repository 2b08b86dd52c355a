// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.text.TextPipeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelHeaderTest {
    private static final ModelArtefact MODEL = RandomModels.model(List.of("good", "bad"), 3, 2, 1);

    @Test
    void theHeaderAloneGivesTheMetadataOfTheModel() throws Exception {
        assertThat(ModelHeader.read(MODEL.file().header()))
                .usingRecursiveComparison()
                .isEqualTo(MODEL.header());
    }

    @Test
    void everyFieldIsRead() throws Exception {
        ModelArtefact tuned = ModelArtefact.of(
                "tuned",
                TextPipeline.paperV3(),
                32,
                MODEL.vocabulary(),
                MODEL.weights(),
                new ModelArtefact.Provenance(
                        Optional.of(MODEL.version()), Instant.EPOCH, "two sets", "{\"test\":{\"accuracy\":0.5}}"));
        ModelHeader header = ModelHeader.read(tuned.file().header());
        assertThat(header.version()).isEqualTo(tuned.version()).startsWith("tuned-");
        assertThat(header.parent()).contains(MODEL.version());
        assertThat(header.pipeline().name()).isEqualTo("paper-v3");
        assertThat(header.maximumLength()).isEqualTo(32);
        assertThat(header.createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(header.trainingData()).isEqualTo("two sets");
        assertThat(header.report()).isEqualTo("{\"test\":{\"accuracy\":0.5}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no JSON object",
                "[] | no JSON object",
                "{ | no valid JSON",
                "{} | no DeepTweet model",
                "{\"__metadata__\":7} | no JSON object",
                "{\"__metadata__\":{\"format_version\":\"3\"}} | format_version is 3",
                "{\"__metadata__\":{\"format_version\":\"1\"}} | no version",
                "{\"__metadata__\":{\"format_version\":\"2\"}} | no version",
            })
    void anInvalidHeaderIsRefusedWithTheReason(String header, String reason) {
        assertThatThrownBy(() -> ModelHeader.read(header))
                .isInstanceOf(InvalidArtefactException.class)
                .hasMessageContaining(reason);
    }
}
