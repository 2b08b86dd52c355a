// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.audit.ChangeOrigin;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish}: a model's file goes to Kafka. */
@Command(
        name = "publish",
        description = {
            "Publishes a model on the topic sentiment.models.",
            "",
            "One transaction sends the tensors that the topic lacks, the manifest and, with --activate, the activation."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet publish models/my-model.safetensors --activate",
            "  deeptweet publish models/my-model.safetensors --activate --keep 3",
            "  deeptweet publish --default"
        })
final class PublishCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Model to publish: a file that train, fine-tune or import-keras wrote.")
    private Optional<Path> file;

    @Option(names = "--default", description = "Publishes the model that DeepTweet ships.")
    private boolean shipped;

    @Option(names = "--activate", description = "Makes the model the active one.")
    private boolean activate;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "published by the command publish",
            description = "Reason that the publication is recorded with (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "" + ModelTopic.KEPT,
            description = "Models that stay on the topic: the newest N, besides the active one, the shadow and the"
                    + " parents of these two (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Override
    public Integer call() throws IOException, InvalidArtefactException {
        if (file.isPresent() == shipped)
            throw CommandFailedException.usage(
                    "name the file to publish, or --default for the model that DeepTweet ships");
        Options.atLeast("--keep", 1, keep);
        ModelArtefact model = shipped ? Artefacts.shipped() : ModelArtefact.read(InputFiles.readable(file.get()));
        Publication done =
                kafka.modelTopic(keep).publish(Artefacts.published(model), activate, ChangeOrigin.command(reason));
        command.commandLine()
                .getOut()
                .println(
                        done.records() == 0
                                ? "model " + UntrustedText.oneLine(done.version()) + " was published already"
                                : "model " + UntrustedText.oneLine(done.version()) + " published in " + done.records()
                                        + " records with " + done.bytes() + " bytes of tensors"
                                        + (activate ? ", and active" : ""));
        return 0;
    }
}
