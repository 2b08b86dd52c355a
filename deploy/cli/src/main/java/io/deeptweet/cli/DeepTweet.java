// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.serde.RegistryUnavailableException;
import io.deeptweet.schemas.topic.TopicMismatchException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code deeptweet}: runs the whole stack, looks into its topics, and hands models to the trainer. */
@Command(
        name = "deeptweet",
        description = "Scores live tweets in Kafka.",
        mixinStandardHelpOptions = true,
        version = "DeepTweet 0.1.0",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  KAFKA_BOOTSTRAP_SERVERS  stands for --bootstrap-servers",
            "  SCHEMA_REGISTRY_URL      stands for --registry",
            "  DEEPTWEET_RUNNING        file where up leaves its addresses for others;",
            "                           with another one, a second stack runs beside"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, for the reason printed",
            "2:wrong options",
            "3:something is missing or cannot be reached: Java, Maven, a port, a broker, disk"
        },
        subcommands = {Up.class, Tail.class, Status.class, Bench.class, HelpCommand.class})
public final class DeepTweet {
    /** Something is missing or cannot be reached. */
    static final int UNAVAILABLE = 3;

    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands; a failure that was foreseen is a sentence on standard error. */
    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new DeepTweet());
        TrainerCommand.addTo(commands);
        return commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof StartFailedException || failure instanceof KafkaException) {
                command.getErr().println("deeptweet: " + sentence(failure));
                return failure instanceof TopicMismatchException ? CommandLine.ExitCode.SOFTWARE : UNAVAILABLE;
            }
            throw failure;
        });
    }

    private static String sentence(Exception failure) {
        if (failure instanceof TimeoutException)
            return "Kafka does not answer (" + failure.getMessage()
                    + "): start it, or name another by --bootstrap-servers";
        if (failure instanceof RegistryUnavailableException)
            return failure.getMessage() + ": start it, or name another by --registry";
        return String.valueOf(failure.getMessage());
    }
}
