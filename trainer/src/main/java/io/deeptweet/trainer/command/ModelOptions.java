// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that uses a model. */
final class ModelOptions {
    private static final String SHIPPED = "default";

    @Option(
            names = "--model",
            defaultValue = SHIPPED,
            paramLabel = "MODEL",
            description = "Model to use: a file, a version that deeptweet models lists, or " + SHIPPED
                    + " for the one that DeepTweet ships (default: ${DEFAULT-VALUE}).")
    private String model;

    @Mixin
    private KafkaOptions kafka;

    /**
     * The model that was named.
     *
     * @throws CommandFailedException if there is neither such a file nor such a version
     */
    ModelArtefact read() throws IOException, InvalidArtefactException, InvalidModelException {
        if (model.equals(SHIPPED)) return Artefacts.shipped();
        Path file = Path.of(model);
        // What looks like a file is one, so a misspelt path is not looked up in Kafka.
        if (Files.exists(file) || model.contains("/") || model.endsWith(".safetensors"))
            return ModelArtefact.read(InputFiles.readable(file));
        return published();
    }

    private ModelArtefact published() throws InvalidArtefactException, InvalidModelException {
        ModelLog log;
        try {
            log = kafka.modelTopic().read();
        } catch (CommandFailedException e) {
            throw e.after("there is no file " + model + ", and published versions cannot be looked up: ");
        }
        List<String> versions =
                ModelListing.of(log).stream().map(ModelListing::version).toList();
        if (!versions.contains(model))
            throw CommandFailedException.failed("there is no file " + model + ", and no published version " + model
                    + ": "
                    + (versions.isEmpty() ? "none is published" : "published are " + String.join(", ", versions)));
        return ModelArtefact.read(log.model(model).artefact());
    }
}
