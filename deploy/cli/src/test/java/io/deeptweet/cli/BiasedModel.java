// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Another version of the default model, with other scores. */
final class BiasedModel {
    private BiasedModel() {}

    /** The default model with another bias of its last layer. */
    static ModelArtefact of(Installation installation, float more) throws Exception {
        ModelArtefact model =
                ModelArtefact.read(installation.root().resolve("trainer/src/main/resources/default-model.safetensors"));
        Weights weights = model.weights();
        Weights.Head polarity = weights.polarity();
        Weights biased = weights.withHeads(List.of(new Weights.Head(polarity.dense(), polarity.bias() + more)));
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
