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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code activate}: another published model scores, or an earlier one again. */
@Command(
        name = "activate",
        description = {
            "Makes a published model the active one, which scores.",
            "",
            "The classifiers follow within seconds. rollback activates the version before again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet activate my-model-0123abcd",
            "  deeptweet activate v1-base-4f3a045a --reason 'it reads sarcasm better'"
        })
final class ActivateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "VERSION", description = "A version that deeptweet models lists.")
    private String version;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "activated by the command activate",
            description = "Reason that the activation is recorded with (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws InvalidModelException {
        Publication done = kafka.modelTopic().activate(version, Expectation.NONE, ChangeOrigin.command(reason));
        command.commandLine()
                .getOut()
                .println("model " + UntrustedText.oneLine(done.version())
                        + (done.records() == 0 ? " was active already" : " is active"));
        return 0;
    }
}
