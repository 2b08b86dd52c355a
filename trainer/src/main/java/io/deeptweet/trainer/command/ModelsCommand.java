// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.publish.ModelListing;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code models}: what is published. */
@Command(
        name = "models",
        description = {
            "Lists the published models, in the order of their publication.",
            "",
            "Tells which one is active, and which one runs in shadow mode, and why."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  deeptweet models", "  deeptweet models --json | jq -r '.[] | select(.active) | .version'"})
final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--json", description = "Prints a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        List<ModelListing> models = ModelListing.of(kafka.modelTopic().readIndex());
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(TerminalJson.of(models));
        } else if (models.isEmpty()) {
            out.println("no model is published");
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-8s %-28s %-28s %-20s %10s  %s%n",
                    "",
                    "VERSION",
                    "PARENT",
                    "PUBLISHED",
                    "BYTES",
                    "REASON");
            for (ModelListing model : models)
                out.printf(
                        Locale.ROOT,
                        "%-8s %-28s %-28s %-20s %,10d  %s%n",
                        model.active() ? "active" : model.shadow() ? "shadow" : "",
                        UntrustedText.oneLine(model.version()),
                        model.parent().isEmpty() ? "-" : UntrustedText.oneLine(model.parent()),
                        model.publishedAt(),
                        model.bytes(),
                        UntrustedText.oneLine(model.reason()));
        }
        return 0;
    }
}
