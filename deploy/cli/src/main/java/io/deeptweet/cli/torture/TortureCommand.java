// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.WorkFolder;
import io.deeptweet.schemas.TrainingRound;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code torture}: kills and freezes the processes of a stack, and checks every record. */
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        description = {
            "Kills and freezes the processes of a stack under load, and checks every record.",
            "",
            "Starts a broker, a registry, ingest, a trainer and two classifiers in a folder of its own, on free ports."
                    + " While tweets, labels, invalid records and model swaps come in, each cycle kills (SIGKILL) or"
                    + " freezes (SIGSTOP) a random process at a random moment, and starts it again or lets it go on."
                    + " At the end every tweet must have been scored once and counted once in each window size, every"
                    + " invalid record rejected, every label consumed by one round or none, and the active model the"
                    + " same everywhere. A cycle takes 5 to 8 seconds.",
            "",
            "The seed decides which process is killed or frozen, and when. A run that fails prints its seed and what"
                    + " differs, and keeps its logs."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record is accounted for",
            "1:something differs, as printed",
            "2:wrong usage",
            "3:the stack cannot be started, or did not recover"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet torture",
            "  deploy/deeptweet torture --cycles 100 --seed 7",
            "  deploy/deeptweet torture --cycles 500 --data /var/tmp/torture"
        })
public final class TortureCommand implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--cycles",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many times a process is killed or frozen (default: ${DEFAULT-VALUE}).")
    private int cycles;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Decides which process is killed or frozen, and when (default: a new one, which is printed).")
    private Optional<Long> seed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50",
            description = "Tweets per second while ingest answers (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for records, state and logs, which must be new or empty, and is kept (default: a"
                    + " temporary one, kept only if the run fails).")
    private Optional<Path> data;

    /** @param installation where the services are */
    public TortureCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (cycles < 1) throw wrong("--cycles is " + cycles + ": use 1 or more");
        if (rate < 5 || rate > 5000) throw wrong("--rate is " + rate + ": use 5 to 5000");
        WorkFolder folder = WorkFolder.of(data);
        if (!folder.isEmpty()) throw wrong("--data " + folder.path() + " is not empty: name a new folder");
        long used = seed.orElseGet(() -> System.nanoTime() & 0xFFFFFF);
        say("seed " + used + ", logs in " + folder.path());
        List<InjectedFault> faults = InjectedFault.plan(cycles, used);
        long start = System.nanoTime();
        TortureStack stack = new TortureStack(installation, folder.path(), this::say);
        Thread hook = new Thread(stack::close, "stop the stack");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean passed = false;
        try (stack;
                TortureRun run = new TortureRun(stack, faults, rate, this::say)) {
            TortureRun.Result result = run.run();
            print(result, faults, stack, Duration.ofNanos(System.nanoTime() - start));
            result.differences()
                    .forEach(difference -> command.commandLine().getErr().println("deeptweet torture: " + difference));
            passed = result.differences().isEmpty();
            return passed ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } finally {
            removeHook(hook);
            if (passed) delete(folder);
            else say("failed: --cycles " + cycles + " --seed " + used + "; the logs are kept in " + folder.path());
        }
    }

    private void print(TortureRun.Result result, List<InjectedFault> faults, TortureStack stack, Duration time) {
        PrintWriter out = command.commandLine().getOut();
        out.printf("%n%d cycles in %d s%n%n", faults.size(), time.toSeconds());
        out.println("| process | killed | frozen | of these longer than 6 s |");
        out.println("|---|--:|--:|--:|");
        for (StackProcess process : StackProcess.values()) {
            List<InjectedFault> its =
                    faults.stream().filter(fault -> fault.process() == process).toList();
            out.printf(
                    "| %s | %d | %d | %d |%n",
                    process.label(),
                    its.stream().filter(fault -> fault.freeze().isEmpty()).count(),
                    its.stream().filter(fault -> fault.freeze().isPresent()).count(),
                    its.stream()
                            .filter(fault -> fault.freeze()
                                    .filter(freeze -> freeze.toSeconds() >= 6)
                                    .isPresent())
                            .count());
        }
        SentRecords sent = result.sent();
        Outcome outcome = result.outcome();
        List<TrainingRound> rounds =
                outcome.rounds().values().stream().flatMap(List::stream).toList();
        out.printf(
                "%n%,d tweets, %,d scored once; %d requests repeated, %,d tweets on tweets.raw more than once%n",
                sent.tweets.get(),
                outcome.scored().numbers(sent.tweets.get(), n -> n == 1).length,
                sent.repeatedRequests.get(),
                outcome.published().numbers(sent.tweets.get(), n -> n > 1).length);
        out.printf("%,d tweets of a replayed file%n", sent.replayed);
        out.printf(
                "%,d windows; invalid records: %,d posted, %,d on tweets.raw, %,d on tweets.labeled%n",
                outcome.countedWindows().size(), sent.invalid.get(), sent.garbage.get(), sent.spoiled.get());
        out.printf(
                "%,d labels, %d rounds, %d of them published; %d activations between; %d processes ended by"
                        + " themselves and were started again%n%n",
                sent.labels.get(),
                rounds.size(),
                rounds.stream().filter(TrainingRound::getPublished).count(),
                sent.activations.get(),
                stack.endedByThemselves());
        out.println(
                result.differences().isEmpty() ? "Every record is accounted for." : "Not accounted for: see below.");
        out.flush();
    }

    private synchronized void say(String sentence) {
        PrintWriter err = command.commandLine().getErr();
        err.println(LocalTime.now().format(CLOCK) + "  " + sentence);
        err.flush();
    }

    private void delete(WorkFolder folder) {
        try {
            folder.delete();
        } catch (IOException e) {
            say("the folder " + folder.path() + " cannot be deleted: " + e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
