// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import io.deeptweet.cli.stack.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code feeds pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Pauses a feed of a live source, until it is resumed.",
            "",
            "What its source sends meanwhile is not published, unless the source has no other feed and still has it"
                    + " then."
        })
final class PauseCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "The feed's name.")
    private String name;

    PauseCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        command.commandLine().getOut().println(FeedLine.of(new IngestFeeds(installation).change(name, "pause")));
        return 0;
    }
}
