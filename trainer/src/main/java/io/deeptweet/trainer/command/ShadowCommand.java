// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shadow}: a published model is tried on live tweets. */
@Command(
        name = "shadow",
        description = {
            "Runs a published model in shadow mode: it scores the same tweets as the active one, for comparison.",
            "",
            "Its scores go to tweets.shadow, and deeptweet status tells how often the two differ. There is at most one"
                    + " shadow."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet shadow my-model-0123abcd --reason 'a week on live tweets first'",
            "  deeptweet shadow --drop",
            "  deeptweet promote"
        })
final class ShadowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(arity = "0..1", paramLabel = "VERSION", description = "A version that deeptweet models lists.")
    private Optional<String> version;

    @Option(names = "--drop", description = "Ends shadow mode.")
    private boolean drop;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "shadowed by the command shadow",
            description = "Reason that the shadow is recorded with (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws InvalidModelException {
        if (version.isPresent() == drop)
            throw CommandFailedException.usage("name the version to run in shadow mode, or --drop to end it");
        ModelTopic models = kafka.modelTopic();
        ChangeOrigin origin = ChangeOrigin.command(reason);
        Publication done = drop ? models.dropShadow(origin) : models.shadow(version.get(), origin);
        command.commandLine()
                .getOut()
                .println("model " + UntrustedText.oneLine(done.version())
                        + (drop
                                ? " is no longer the shadow"
                                : done.records() == 0 ? " was the shadow already" : " is the shadow"));
        return 0;
    }
}
