// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.audit.AuditListing;
import io.deeptweet.trainer.audit.AuditTopic;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit}: who changed which model scores. */
@Command(
        name = "audit",
        description = {
            "Lists who changed which model scores, and why, the newest first.",
            "",
            "For each publication, activation, rollback, promotion, change of the shadow and withheld round: when, who,"
                    + " the version that was active before and the one that is active since."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet audit",
            "  deeptweet audit --limit 500 --json | jq -r '.[] | select(.action == \"rolled-back\") | .actor'"
        })
final class AuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Records that are listed at most, 1 to " + AuditTopic.LARGEST_PAGE
                    + " (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        if (limit < 1 || limit > AuditTopic.LARGEST_PAGE)
            throw CommandFailedException.usage("--limit is " + limit + ": use 1 to " + AuditTopic.LARGEST_PAGE);
        Map<String, Object> client = kafka.connect(Topics.AUDIT);
        List<AuditListing> records = new AuditTopic(client, SchemaIds.ofRegistry(client))
                .page(OptionalLong.empty(), limit)
                .records();
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(TerminalJson.of(records));
        } else if (records.isEmpty()) {
            out.println("nothing has been changed yet");
        } else {
            print("AT", "ACTION", "MODEL", "FROM", "TO", "BY", "REASON", out);
            for (AuditListing record : records)
                print(
                        record.at().replaceFirst("\\.\\d+", ""),
                        record.action(),
                        record.version(),
                        record.from(),
                        record.to(),
                        record.actor() + " (" + record.channel() + ")",
                        record.reason(),
                        out);
        }
        out.flush();
        return 0;
    }

    private static void print(
            String at, String action, String model, String from, String to, String by, String reason, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-20s  %-14s  %-28s  %-28s  %-28s  %-20s  %s%n",
                at,
                action,
                orDash(model),
                orDash(from),
                orDash(to),
                by,
                reason);
    }

    private static String orDash(String version) {
        return version.isEmpty() ? "-" : version;
    }
}
