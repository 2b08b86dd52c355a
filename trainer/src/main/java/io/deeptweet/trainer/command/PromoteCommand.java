// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        mixinStandardHelpOptions = true,
        name = "promote",
        description = "Lets the shadow score from now on, in place of the active model; there is no shadow then.",
        footerHeading = "%nExamples:%n",
        footer = {"  promote", "  promote --reason 'it differs in 2 % of the tweets, and is right in most of these'"})
final class PromoteCommand implements Callable<Integer> {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "promoted by hand",
            description = "Why, for those who come after (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InvalidModelException {
        Publication done = kafka.modelTopic().promote(reason);
        command.commandLine().getOut().println("model " + done.version() + " is active");
        return 0;
    }
}
