// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.PublishedModel;
import java.io.IOException;
import java.io.InputStream;

/** Converts model artefacts to what is published, and loads the default model. */
public final class Artefacts {
    private static final String SHIPPED = "/default-model.safetensors";

    private Artefacts() {}

    /** The default model, which is part of this program. */
    public static ModelArtefact shipped() {
        try (InputStream resource = Artefacts.class.getResourceAsStream(SHIPPED)) {
            return ModelArtefact.read(resource.readAllBytes());
        } catch (IOException | InvalidArtefactException e) {
            throw new IllegalStateException("the default model cannot be read: build the project again", e);
        }
    }

    /** An artefact as header and tensors, as {@code sentiment.models} holds them. */
    public static PublishedModel published(ModelArtefact artefact) {
        return new PublishedModel(
                artefact.version(),
                artefact.parent(),
                artefact.file().header(),
                artefact.file().tensors().stream()
                        .map(tensor -> new PublishedModel.Tensor(tensor.name(), tensor.bytes()))
                        .toList());
    }
}
