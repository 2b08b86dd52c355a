// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
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

/** {@code rounds}: what the trainer learned, and whether it was published. */
@Command(
        name = "rounds",
        description = {
            "Lists the trainer's fine-tuning rounds and their results.",
            "",
            "For each round: accuracy of the active model and of the candidate on held-out new labels and on the guard"
                    + " set, and whether the candidate was published, and why."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  deeptweet rounds", "  deeptweet rounds --json | jq -r '.[] | select(.published) | .candidate'"})
final class RoundsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Map<String, Object> client = kafka.connect(Topics.ROUNDS);
        List<RoundListing> rounds = new RoundTopic(client, SchemaIds.ofRegistry(client))
                .read().stream().map(RoundListing::of).toList();
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(TerminalJson.of(rounds));
        } else if (rounds.isEmpty()) {
            out.println("no round has run yet");
        } else {
            out.printf(
                    "%5s  %-20s  %6s  %7s  %-24s  %-24s  %-9s  %s%n",
                    "round", "started", "labels", "seconds", "held out", "guard", "published", "version");
            rounds.forEach(round -> print(round, out));
        }
        out.flush();
        return 0;
    }

    private static void print(RoundListing round, PrintWriter out) {
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
                UntrustedText.oneLine(round.candidate()));
        out.printf("       %s%n", UntrustedText.oneLine(round.startedBecause() + ": " + round.because()));
    }

    private static String accuracy(Optional<RoundListing.Accuracy> accuracy) {
        return accuracy.map(
                        of -> String.format(Locale.ROOT, "%.4f → %.4f (%,d)", of.active(), of.candidate(), of.texts()))
                .orElse("-");
    }
}
