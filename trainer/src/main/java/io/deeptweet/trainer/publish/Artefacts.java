// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.PublishedModel;
import java.io.IOException;
import java.io.InputStream;

/** Artefacts as they are published: checked whole, then taken apart into header and tensors. */
public final class Artefacts {
    private static final String SHIPPED = "/default-model.safetensors";

    private Artefacts() {}

    /** The model that DeepTweet ships: what scores until something better is published. */
    public static ModelArtefact shipped() {
        try (InputStream resource = Artefacts.class.getResourceAsStream(SHIPPED)) {
            return ModelArtefact.read(resource.readAllBytes());
        } catch (IOException | InvalidArtefactException e) {
            throw new IllegalStateException("the shipped model is broken: build the project again", e);
        }
    }

    /** An artefact as header and tensors, which the topic holds by their digests. */
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
