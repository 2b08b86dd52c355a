// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.round.RoundFixture;
import io.deeptweet.trainer.round.RoundStatus;
import io.deeptweet.trainer.round.TrainerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
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

    /** Otherwise whoever sets the keys first would replace the model that scores. */
    @Test
    void theDefaultModelIsNotPublishedOverOneThatIsNotSigned() throws Exception {
        RoundFixture.withoutModel();
        Map<String, Object> kafka = Map.of(
                "bootstrap.servers", LocalKafka.shared().bootstrapServers(),
                "schema.registry.url", LocalKafka.shared().registryUrl());
        new ModelTopic(kafka, Clock.systemUTC())
                .publish(
                        Artefacts.published(Artefacts.shipped()), true, ChangeOrigin.command("before there were keys"));
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        try (TrainerProcess trainer = new TrainerProcess(
                folder,
                LocalKafka.shared(),
                Map.of(
                        "DEEPTWEET_PUBLISH_DEFAULT",
                        "true",
                        "DEEPTWEET_MODELS_SIGNING_KEY",
                        pem("PRIVATE KEY", keys.getPrivate()),
                        "DEEPTWEET_MODELS_PUBLIC_KEYS",
                        Files.writeString(folder.resolve("public.pem"), pem("PUBLIC KEY", keys.getPublic()))
                                .toString()))) {
            await().atMost(RoundFixture.PATIENCE)
                    .until(() -> trainer.get("/models").isArray());
            assertThat(trainer.get("/models")).isEmpty();
            assertThat(trainer.log())
                    .contains("the default model is not published over what the topic holds and this trainer refuses: "
                            + "the record \"active\" is not signed. Publish and activate a model");
        }
    }

    private static String pem(String label, Key key) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END " + label + "-----\n";
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
