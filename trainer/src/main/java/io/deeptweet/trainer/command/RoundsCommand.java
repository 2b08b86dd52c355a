// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.trainer.round.RoundListing;
import io.deeptweet.trainer.round.RoundTopic;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        mixinStandardHelpOptions = true,
        name = "rounds",
        description =
                "Lists the trainer's rounds on sentiment.rounds, and what came of each: accuracy of the active model and of the candidate on held-out new labels and on earlier tweets.",
        footerHeading = "%nExamples:%n",
        footer = {"  rounds", "  rounds --json | jq -r '.[] | select(.published) | .candidate'"})
final class RoundsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws JsonProcessingException {
        Map<String, Object> client = kafka.clientSettings();
        List<RoundListing> rounds = new RoundTopic(client, SchemaIds.ofRegistry(client))
                .read().stream().map(RoundListing::of).toList();
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(rounds));
        } else if (rounds.isEmpty()) {
            out.println("no round was run yet");
        } else {
            out.printf(
                    "%5s  %-20s  %6s  %7s  %-24s  %-24s  %-9s  %s%n",
                    "round", "started", "labels", "seconds", "held out", "guard", "published", "version");
            for (RoundListing round : rounds) {
                out.printf(
                        Locale.ROOT,
                        "%5d  %-20s  %,6d  %,7.1f  %-24s  %-24s  %-9s  %s%n",
                        round.number(),
                        round.startedAt().replaceFirst("\\.\\d+", ""),
                        round.labels(),
                        round.seconds(),
                        accuracy(round.heldOut()),
                        accuracy(round.guard()),
                        round.published() ? "yes" : "no",
                        round.candidate());
                out.printf(
                        "       %s%n",
                        (round.startedBecause() + ": " + round.because()).replaceAll("[\\p{Cntrl}\\p{Cf}]", "\uFFFD"));
            }
        }
        out.flush();
        return 0;
    }

    private static String accuracy(Optional<RoundListing.Accuracy> accuracy) {
        return accuracy.map(
                        of -> String.format(Locale.ROOT, "%.4f → %.4f (%,d)", of.active(), of.candidate(), of.texts()))
                .orElse("-");
    }
}
