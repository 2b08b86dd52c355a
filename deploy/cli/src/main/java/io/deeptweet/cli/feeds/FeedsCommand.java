// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import io.deeptweet.cli.stack.Installation;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code feeds}: the commands for the feeds of ingest. */
@Command(
        name = "feeds",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | add | pause | resume | remove)",
        description = {
            "Shows the feeds of ingest, and changes those of live sources while it runs.",
            "",
            "Changes are kept in Kafka, and every instance of ingest makes them. With security configured, a change"
                    + " needs a user with the role operator."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet feeds add apple --source bluesky --track 'apple OR \"apple pie\" -banana'",
            "  deploy/deeptweet feeds list",
            "  deploy/deeptweet feeds pause apple",
            "  deploy/deeptweet feeds list --json | jq -r '.[] | select(.state == \"paused\") | .feed'"
        })
public final class FeedsCommand {
    private FeedsCommand() {}

    /** The command line with its subcommands. */
    public static CommandLine commandLine(Installation installation) {
        return new CommandLine(new FeedsCommand())
                .addSubcommand(new ListCommand(installation))
                .addSubcommand(new AddCommand(installation))
                .addSubcommand(new PauseCommand(installation))
                .addSubcommand(new ResumeCommand(installation))
                .addSubcommand(new RemoveCommand(installation));
    }
}
