// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.round.RoundFixture;
import io.deeptweet.trainer.round.RoundStatus;
import io.deeptweet.trainer.round.TrainerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start of the trainer as it is shipped, in a process of its own. */
class TrainerStartIT {
    @TempDir
    private Path folder;

    /** {@code deeptweet up} waits for this start, and most trainers wait long for their first round. */
    @Test
    void theDefaultModelIsPublishedWithoutLoadingTheTrainingLibraries() throws Exception {
        RoundFixture.withoutModel();
        Path classes = folder.resolve("classes.log");
        try (TrainerProcess trainer = new TrainerProcess(
                folder,
                LocalKafka.shared(),
                Map.of("DEEPTWEET_PUBLISH_DEFAULT", "true"),
                "-Xlog:class+load:file=" + classes)) {
            trainer.awaitState(RoundStatus.State.WAITING);
            JsonNode models = trainer.get("/models");
            assertThat(models).hasSize(1);
            assertThat(models.path(0).path("version").asText())
                    .isEqualTo(Artefacts.shipped().version());
            assertThat(models.path(0).path("active").asBoolean()).isTrue();
            assertThat(trainer.get("/q/health/ready").path("status").asText()).isEqualTo("UP");
        }
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains(" io.deeptweet.trainer.round.RoundRunner "));
        assertThat(loaded)
                .noneMatch(line -> line.contains(" org.nd4j.")
                        || line.contains(" org.deeplearning4j.")
                        || line.contains(" org.bytedeco.")
                        || line.contains(" ai.onnxruntime."));
    }

    @Test
    void aWrongSettingEndsTheStartAndIsNamed() throws Exception {
        try (TrainerProcess trainer =
                new TrainerProcess(folder, LocalKafka.shared(), Map.of("DEEPTWEET_GATE_LEVEL", "5"))) {
            assertThat(trainer.exitCode()).isEqualTo(1);
            assertThat(trainer.log())
                    .contains("the trainer cannot start: deeptweet.gate.level is 5: use more than 0, less than 1, such"
                            + " as 0.05");
        }
    }
}
