// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import io.deeptweet.cli.stack.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code feeds remove}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = "Removes a feed that was added; its published tweets stay.")
final class RemoveCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "The feed's name.")
    private String name;

    RemoveCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        new IngestFeeds(installation).remove(name);
        command.commandLine().getOut().println("removed " + name);
        return 0;
    }
}
