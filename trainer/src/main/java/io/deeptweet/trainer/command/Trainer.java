// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The trainer's command line: one class per command. Quarkus hands {@code main} over unstarted, so that a command which
 * only reads and writes files does not wait for a server to boot.
 */
@QuarkusMain
@Command(
        name = "trainer",
        description = "Trains and evaluates DeepTweet's models.",
        mixinStandardHelpOptions = true,
        version = "DeepTweet 0.1.0",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, for the reason printed", "2:wrong options"},
        subcommands = {
            ExploreCommand.class,
            TrainCommand.class,
            FineTuneCommand.class,
            EvaluateCommand.class,
            BenchmarkCommand.class,
            ImportKerasCommand.class,
            ScoreCommand.class,
            PublishCommand.class,
            ActivateCommand.class,
            ShadowCommand.class,
            PromoteCommand.class,
            ModelsCommand.class,
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

    /** The command line with its commands, and failures told as sentences. */
    public static CommandLine commandLine() {
        return new CommandLine(new Trainer()).setExecutionExceptionHandler(new Failures());
    }
}
