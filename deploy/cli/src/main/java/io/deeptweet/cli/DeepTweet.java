// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.bench.BenchCommand;
import io.deeptweet.cli.feeds.FeedsCommand;
import io.deeptweet.cli.inspect.InspectCommand;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.status.StatusCommand;
import io.deeptweet.cli.tail.TailCommand;
import io.deeptweet.cli.topics.TopicsCommand;
import io.deeptweet.cli.torture.TortureCommand;
import io.deeptweet.cli.trainer.TrainerCommand;
import io.deeptweet.cli.up.UpCommand;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.command.BuildVersion;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.Failures;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code deeptweet}: runs the whole stack, shows what its topics hold, and passes on the trainer's
 * commands.
 */
@Command(
        name = "deeptweet",
        description = "Real-time sentiment classification of posts on Kafka.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, for the reason printed",
            "2:wrong usage",
            "3:something is missing or cannot be reached: Java, Maven, a port, Kafka, disk space"
        })
public final class DeepTweet {
    private static final int WIDTH = 100;
    private static final String[] ENVIRONMENT = {
        "  KAFKA_BOOTSTRAP_SERVERS    Kafka brokers, for --bootstrap-servers",
        "  SCHEMA_REGISTRY_URL        schema registry, for --registry; or",
        "                             KAFKA_SCHEMA_REGISTRY_URL",
        "  DEEPTWEET_USER             user of the services' HTTP endpoints, with",
        "  DEEPTWEET_PASSWORD         its password; or",
        "  DEEPTWEET_TOKEN            a bearer token in their place",
        "  DEEPTWEET_CA_FILE          PEM certificates that status and feeds trust; services are",
        "                             then asked over TLS",
        "  DEEPTWEET_RUNNING          file in which up leaves its addresses for other",
        "                             commands; with another one, a second stack can",
        "                             run beside the first"
    };

    public static void main(String... arguments) {
        System.exit(commandLine(Installation.found()).execute(arguments));
    }

    /** The command line with its commands. A failure that a command foresees is one sentence and an exit code. */
    public static CommandLine commandLine(Installation installation) {
        CommandLine commands = new CommandLine(new DeepTweet())
                .addSubcommand(new UpCommand(installation))
                .addSubcommand(new TailCommand(installation))
                .addSubcommand(new StatusCommand(installation))
                .addSubcommand(new InspectCommand())
                .addSubcommand(FeedsCommand.commandLine(installation))
                .addSubcommand(TopicsCommand.commandLine(installation))
                .addSubcommand(new BenchCommand(installation))
                .addSubcommand(new TortureCommand(installation));
        commands.getCommandSpec()
                .usageMessage()
                .footerHeading("%nEnvironment:%n")
                .footer(ENVIRONMENT);
        TrainerCommand.addAll(commands, installation);
        commands.addSubcommand(new HelpCommand());
        commands.setUsageHelpWidth(WIDTH);
        return commands.setParameterExceptionHandler(new Failures()).setExecutionExceptionHandler(DeepTweet::handle);
    }

    private static int handle(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        Failures failures = new Failures();
        if (!(failure instanceof StartFailedException start))
            return failures.handleExecutionException(failure, command, parsed);
        int exitCode = failures.handleExecutionException(
                CommandFailedException.unreachable(start.sentence()), command, parsed);
        start.log().forEach(line -> command.getErr().println("  " + UntrustedText.oneLine(line)));
        return exitCode;
    }
}
