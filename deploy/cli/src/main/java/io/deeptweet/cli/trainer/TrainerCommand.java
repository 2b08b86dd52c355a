// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.trainer;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.ClassDataArchive;
import io.deeptweet.trainer.command.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command of the trainer, run in its own JVM with the addresses of the running stack; its exit code is ours. */
@Command
public final class TrainerCommand implements Callable<Integer> {
    /** {@code up} runs the service. */
    private static final String SERVE = "serve";

    /** Commands that compute much. They need the module, of which the JVM prints a warning. */
    private static final Set<String> VECTOR_COMMANDS = Set.of("train", "fine-tune", "benchmark", "simulate-rounds");

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    private TrainerCommand(Installation installation) {
        this.installation = installation;
    }

    /**
     * Adds the trainer's commands, with the names and descriptions that their annotations give. Any argument is passed
     * on, {@code --help} too.
     */
    public static void addAll(CommandLine commands, Installation installation) {
        Stream.of(Trainer.class.getAnnotation(Command.class).subcommands())
                .filter(type -> type != HelpCommand.class)
                .map(type -> type.getAnnotation(Command.class))
                .filter(annotation -> !annotation.name().equals(SERVE))
                .forEach(annotation -> {
                    CommandLine added = new CommandLine(new TrainerCommand(installation));
                    added.getCommandSpec().usageMessage().description(annotation.description()[0]);
                    commands.addSubcommand(annotation.name(), added);
                });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (VECTOR_COMMANDS.contains(command.name())) java.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        List<String> program =
                List.of("-jar", installation.jar(ServiceType.TRAINER).toString());
        ClassDataArchive.of(ClassDataArchive.in(installation.local()), ServiceType.TRAINER.label(), program)
                .ifPresent(archive -> java.addAll(archive.optionsIfMade()));
        java.addAll(program);
        java.add(command.name());
        java.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(java).inheritIO();
        builder.environment().putAll(installation.clientEnvironment());
        // Several threads of the native libraries compete for the cores that training needs.
        builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
        return builder.start().waitFor();
    }
}
