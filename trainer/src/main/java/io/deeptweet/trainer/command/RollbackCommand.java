// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Expectation;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rollback}: the model before scores again. */
@Command(
        name = "rollback",
        description = {
            "Makes the model active again that was active before.",
            "",
            "Done twice, it returns to the model that was active first. The classifiers follow within seconds."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  deeptweet rollback", "  deeptweet rollback --reason 'the new model misreads sarcasm'"})
final class RollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "rolled back by the command rollback",
            description = "Reason that the activation is recorded with (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws InvalidModelException {
        Publication done = kafka.modelTopic().rollBack(Expectation.NONE, ChangeOrigin.command(reason));
        command.commandLine().getOut().println("model " + UntrustedText.oneLine(done.version()) + " is active");
        return 0;
    }
}
