// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command of the trainer, run in its own JVM with the addresses of the stack that runs; its exit code is ours. */
@Command
final class TrainerCommand implements Callable<Integer> {
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("explore", "Shows what labelled tweets look like.");
        COMMANDS.put("train", "Trains a model from labelled tweets.");
        COMMANDS.put("fine-tune", "Trains a model further on newer labelled tweets.");
        COMMANDS.put("evaluate", "Measures a model on labelled tweets.");
        COMMANDS.put("benchmark", "Makes the paper's three models and measures them side by side.");
        COMMANDS.put("import-keras", "Writes a model that Keras trained as one of DeepTweet's.");
        COMMANDS.put("score", "Says of each line of text what it feels, and by which words.");
        COMMANDS.put("publish", "Publishes a model on sentiment.models.");
        COMMANDS.put("activate", "Lets a published model score from now on.");
        COMMANDS.put("shadow", "Lets a published model score beside the active one, for comparison only.");
        COMMANDS.put("promote", "Lets the shadow score from now on.");
        COMMANDS.put("models", "Lists the published models.");
        COMMANDS.put("label", "Sends the labels of files to the trainer.");
        COMMANDS.put("rounds", "Lists the trainer's rounds and what came of each.");
        COMMANDS.put("simulate-rounds", "Shows what the trainer's rounds would make of labels.");
    }

    @Spec
    private CommandSpec command;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    /** Adds them all to the command line; each says by --help what the trainer says. */
    static void addTo(CommandLine commands) {
        COMMANDS.forEach((name, description) -> {
            CommandLine added = new CommandLine(new TrainerCommand());
            added.getCommandSpec().name(name).usageMessage().description(description);
            commands.addSubcommand(name, added);
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Installation installation = Installation.found();
        Map<String, String> running = installation.running().orElse(Map.of());
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // The JVM warns of the module, which is worth it where much is computed.
        if (List.of("train", "fine-tune", "benchmark", "simulate-rounds").contains(command.name()))
            java.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        java.addAll(List.of("-jar", installation.service("trainer").toString(), command.name()));
        java.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(java).inheritIO();
        builder.environment()
                .putIfAbsent(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        running.getOrDefault("bootstrap.servers", "localhost:" + KafkaOptions.Ports.BROKER));
        builder.environment()
                .putIfAbsent(
                        "SCHEMA_REGISTRY_URL",
                        running.getOrDefault(
                                "schema.registry.url",
                                "http://localhost:" + KafkaOptions.Ports.REGISTRY + "/apis/ccompat/v7"));
        // Two threads of the native libraries fight for the cores that training needs.
        builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
        return builder.start().waitFor();
    }
}
