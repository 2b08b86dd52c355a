// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code feeds list}: the feeds, how they are, and what they have published. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows each feed: state, counts since the start of ingest, source, languages and rule.")
final class ListCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    ListCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        JsonNode feeds = new IngestFeeds(installation).list();
        PrintWriter out = command.commandLine().getOut();
        if (json)
            out.println(feeds.toPrettyString().lines().map(UntrustedText::json).collect(Collectors.joining("\n")));
        else if (feeds.isEmpty()) out.println("there is no feed: deeptweet feeds add NAME --source bluesky");
        else for (JsonNode feed : feeds) out.println(FeedLine.of(feed));
        out.flush();
        return 0;
    }
}
