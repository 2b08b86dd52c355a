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

/** {@code promote}: the shadow takes over. */
@Command(
        name = "promote",
        description = "Makes the shadow model the active one; shadow mode ends.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet promote",
            "  deeptweet promote --reason 'it is right on most of the tweets where they differ'"
        })
final class PromoteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "promoted by the command promote",
            description = "Reason that the activation is recorded with (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws InvalidModelException {
        Publication done = kafka.modelTopic().promote(Expectation.NONE, ChangeOrigin.command(reason));
        command.commandLine().getOut().println("model " + UntrustedText.oneLine(done.version()) + " is active");
        return 0;
    }
}
