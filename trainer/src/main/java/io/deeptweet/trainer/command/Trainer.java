// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ScopeType;

/**
 * The trainer's command line, one class per command; the command {@code deeptweet} offers the same commands. Quarkus
 * calls {@code main} before it starts anything, so that a command which only reads and writes files does not wait for a
 * server. What the annotation says of help, version and exit codes, every command inherits.
 */
@QuarkusMain
@Command(
        name = "deeptweet",
        description = "Trains, measures and publishes DeepTweet's models.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, for the reason printed",
            "2:wrong usage",
            "3:something cannot be reached, such as Kafka"
        },
        subcommands = {
            ExploreCommand.class,
            TrainCommand.class,
            FineTuneCommand.class,
            EvaluateCommand.class,
            CheckCommand.class,
            BenchmarkCommand.class,
            ImportKerasCommand.class,
            ScoreCommand.class,
            PublishCommand.class,
            ActivateCommand.class,
            ShadowCommand.class,
            PromoteCommand.class,
            RollbackCommand.class,
            ModelsCommand.class,
            AuditCommand.class,
            LabelCommand.class,
            RoundsCommand.class,
            SimulateRoundsCommand.class,
            ServeCommand.class,
            HelpCommand.class
        })
public final class Trainer {
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line with its commands. A failure that a command foresees is one sentence and an exit code. */
    public static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new Trainer())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }
}
