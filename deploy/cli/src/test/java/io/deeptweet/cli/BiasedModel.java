// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import java.time.Instant;
import java.util.Optional;

/** Another version of the default model, with other scores. */
final class BiasedModel {
    private BiasedModel() {}

    /** The default model with another bias of its last layer. */
    static ModelArtefact of(Installation installation, float more) throws Exception {
        ModelArtefact model =
                ModelArtefact.read(installation.root().resolve("trainer/src/main/resources/default-model.safetensors"));
        Weights weights = model.weights();
        Weights biased = new Weights(
                weights.words(),
                weights.embeddingSize(),
                weights.units(),
                weights.embedding(),
                weights.forward(),
                weights.backward(),
                weights.dense(),
                weights.denseBias() + more);
        return ModelArtefact.of(
                "biased",
                model.pipeline(),
                model.maximumLength(),
                model.vocabulary(),
                biased,
                new ModelArtefact.Provenance(
                        Optional.of(model.version()), Instant.parse("2026-01-02T03:04:05Z"), "none", "{}"));
    }
}
