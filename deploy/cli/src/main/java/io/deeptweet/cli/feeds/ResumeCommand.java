// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import io.deeptweet.cli.stack.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code feeds resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Resumes a feed that is paused.",
            "",
            "If its source has ended because no feed was left, it continues where it stopped, as far as the server"
                    + " still has that."
        })
final class ResumeCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "The feed's name.")
    private String name;

    ResumeCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        command.commandLine().getOut().println(FeedLine.of(new IngestFeeds(installation).change(name, "resume")));
        return 0;
    }
}
