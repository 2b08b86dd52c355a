// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import io.deeptweet.cli.stack.Installation;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code topics}: the commands for the topics as a whole. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(check | create | grow)",
        description = "Shows, creates and grows the topics.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet topics check",
            "  deploy/deeptweet topics create --partitions 12 --replication-factor 3",
            "  deploy/deeptweet topics grow --partitions 24"
        })
public final class TopicsCommand {
    private TopicsCommand() {}

    /** The command line with its subcommands. */
    public static CommandLine commandLine(Installation installation) {
        return new CommandLine(new TopicsCommand())
                .addSubcommand(new CheckCommand(installation))
                .addSubcommand(new CreateCommand(installation))
                .addSubcommand(new GrowCommand(installation));
    }
}
