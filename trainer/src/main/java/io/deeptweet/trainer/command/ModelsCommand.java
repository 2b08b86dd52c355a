// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.trainer.publish.ModelListing;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        mixinStandardHelpOptions = true,
        name = "models",
        description =
                "Lists the models on sentiment.models, in the order of their publication, and which of them is active or the shadow.",
        footerHeading = "%nExamples:%n",
        footer = {"  models", "  models --json | jq -r '.[] | select(.active) | .version'"})
final class ModelsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws JsonProcessingException {
        List<ModelListing> models = ModelListing.of(kafka.modelTopic().read());
        if (json) {
            command.commandLine()
                    .getOut()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(models));
        } else if (models.isEmpty()) {
            command.commandLine().getOut().println("no model is published");
        } else {
            command.commandLine()
                    .getOut()
                    .printf(
                            "%-8s %-28s %-28s %-20s %10s  %s%n",
                            "", "VERSION", "PARENT", "PUBLISHED", "BYTES", "BECAUSE");
            for (ModelListing model : models)
                command.commandLine()
                        .getOut()
                        .printf(
                                "%-8s %-28s %-28s %-20s %,10d  %s%n",
                                model.active() ? "active" : model.shadow() ? "shadow" : "",
                                model.version(),
                                model.parent().isEmpty() ? "-" : model.parent(),
                                model.publishedAt(),
                                model.bytes(),
                                model.reason());
        }
        return 0;
    }
}
