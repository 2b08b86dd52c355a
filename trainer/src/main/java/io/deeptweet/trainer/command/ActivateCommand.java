// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        mixinStandardHelpOptions = true,
        name = "activate",
        description = "Lets a published model score from now on; an older version is a roll-back.",
        footerHeading = "%nExamples:%n",
        footer = {"  activate base-0123abcd --reason 'the new one is worse on sarcasm'"})
final class ActivateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version that the command models lists.")
    private String version;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "activated by hand",
            description = "Why, for those who come after (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InvalidModelException {
        Publication done = kafka.modelTopic().activate(version, reason);
        command.commandLine()
                .getOut()
                .println("model " + done.version() + (done.records() == 0 ? " was active already" : " is active"));
        return 0;
    }
}
