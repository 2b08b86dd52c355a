// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.publish.Artefacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that uses a model. */
final class ModelOptions {
    private static final String SHIPPED = "default";

    @Option(
            names = "--model",
            defaultValue = SHIPPED,
            paramLabel = "MODEL",
            description =
                    "A file that train wrote, a version that the command models lists, or default for the model that DeepTweet ships (default: ${DEFAULT-VALUE}).")
    private String model;

    @Mixin
    private KafkaOptions kafka;

    /** The model that was named. */
    ModelArtefact read() throws IOException, InvalidArtefactException, InvalidModelException {
        if (model.equals(SHIPPED)) return Artefacts.shipped();
        Path file = Path.of(model);
        // What looks like a file is one: whoever misspells it shall not wait for Kafka.
        if (Files.exists(file) || model.contains("/") || model.endsWith(".safetensors"))
            return ModelArtefact.read(file);
        return ModelArtefact.read(kafka.modelTopic().read().model(model).artefact());
    }
}
