// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.PublishedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier with a public key: whoever can only write to {@code sentiment.models} does not decide what scores. */
class SignedModelsIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;

    @TempDir
    private Path folder;

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel others = TestModels.published(TestModels.constant("others", 0.25));

    @Test
    void modelsAndActivationsWithoutASignatureDoNotScore() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path publicKeys = Files.writeString(
                folder.resolve("public.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Map<String, String> settings = Map.of(
                "DEEPTWEET_APPLICATION_ID", "signed-models-it", "DEEPTWEET_MODELS_PUBLIC_KEYS", publicKeys.toString());
        try (TestTopics topics = TestTopics.empty();
                ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("classifier"), settings)) {
            classifier.awaitNotReady("waiting for a model");
            topics.publish(others);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(classifier.refusals())
                            .anySatisfy(refusal -> assertThat(refusal).contains("is not signed")));
            classifier.awaitNotReady("waiting for a model");

            topics.signWith(new ModelSignatures(Optional.of(keys.getPrivate()), List.of()));
            topics.publish(good);
            classifier.awaitReady().awaitModel(good.version());

            topics.signWith(ModelSignatures.NONE);
            double refused = classifier.metric("deeptweet_model_refused_total");
            topics.commit(Map.of("active", TestTopics.activation(others.version())));
            await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_model_refused_total") > refused);
            assertThat(classifier.status().path("activeModel").asText()).isEqualTo(good.version());
        }
    }
}
