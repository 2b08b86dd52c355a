// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
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
        name = "shadow",
        description =
                "Lets a published model score the same tweets as the active one, for comparison only: its scores go to tweets.shadow, and the classifiers tell how often they differ. There is one shadow at most.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  shadow base-0123abcd --reason 'a week on real tweets before it may score'",
            "  shadow --drop",
            "  promote"
        })
final class ShadowCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "VERSION", description = "A version that the command models lists.")
    private Optional<String> version;

    @Option(names = "--drop", description = "Have no shadow from now on.")
    private boolean drop;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "shadowed by hand",
            description = "Why, for those who come after (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InvalidModelException {
        if (version.isPresent() == drop)
            throw new ParameterException(command.commandLine(), "name the version to compare with, or --drop for none");
        Publication done =
                drop ? kafka.modelTopic().dropShadow() : kafka.modelTopic().shadow(version.get(), reason);
        command.commandLine()
                .getOut()
                .println("model " + done.version()
                        + (drop
                                ? " is no longer the shadow"
                                : done.records() == 0 ? " was the shadow already" : " is the shadow"));
        return 0;
    }
}
