// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.stack.Installation;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code feeds add}: adds a feed of a live source. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = {
            "Adds a feed, which gets what its source sends from now on.",
            "",
            "Nothing changes if the same feed is there already."
        })
final class AddCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "The feed's name: lower-case letters, digits, '.', '_' and '-'.")
    private String name;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "SOURCE",
            description = "bluesky, or the name of a live source in the settings of ingest.")
    private String source;

    @Option(
            names = "--track",
            paramLabel = "RULE",
            description = "Rule for the tweets of the feed, see docs/sources.md; all without it.")
    private Optional<String> track;

    @Option(
            names = "--languages",
            paramLabel = "LIST",
            description = "Languages of the tweets that pass; en,und without it, * for all.")
    private Optional<String> languages;

    AddCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        ObjectNode definition =
                JsonNodeFactory.instance.objectNode().put("feed", name).put("source", source);
        track.ifPresent(rule -> definition.put("track", rule));
        languages.ifPresent(list -> definition.put("languages", list));
        JsonNode feed = new IngestFeeds(installation).add(definition);
        command.commandLine().getOut().println(FeedLine.of(feed));
        return 0;
    }
}
