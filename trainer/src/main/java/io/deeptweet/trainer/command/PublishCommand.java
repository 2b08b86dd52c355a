// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        mixinStandardHelpOptions = true,
        name = "publish",
        description =
                "Publishes a model on sentiment.models: the tensors that the topic lacks, the manifest and, with --activate, its activation, in one transaction.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  publish v2.safetensors --activate",
            "  publish --default",
            "  publish v9.safetensors --activate --keep 3"
        })
final class PublishCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The model's artefact, a safetensors file that train wrote.")
    private Optional<Path> file;

    @Option(names = "--default", description = "Publish the model that DeepTweet ships.")
    private boolean shipped;

    @Option(names = "--activate", description = "Let it score from now on.")
    private boolean activate;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "published by hand",
            description = "Why it is activated (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "" + ModelTopic.KEPT,
            description =
                    "Take older models off the topic, so that the N newest stay, with the active one, the shadow and the models that these two come from (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InvalidArtefactException {
        if (file.isPresent() == shipped)
            throw new ParameterException(
                    command.commandLine(),
                    "name the artefact to publish, or --default for the model that DeepTweet ships");
        if (keep < 1) throw new ParameterException(command.commandLine(), "--keep is " + keep + ": use 1 or more");
        Publication done = kafka.modelTopic(keep)
                .publish(
                        Artefacts.published(shipped ? Artefacts.shipped() : ModelArtefact.read(file.get())),
                        activate ? Optional.of(reason) : Optional.empty());
        command.commandLine()
                .getOut()
                .println(
                        done.records() == 0
                                ? "model " + done.version() + " was published already"
                                : "model " + done.version() + " published in " + done.records() + " records with "
                                        + done.bytes() + " bytes of tensors" + (activate ? ", and active" : ""));
        return 0;
    }
}
