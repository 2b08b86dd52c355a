// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.round.Gate;
import io.deeptweet.trainer.round.RoundSimulation;
import io.deeptweet.trainer.round.SimulatedRound;
import io.deeptweet.trainer.round.SimulationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simulate-rounds}: the results that the trainer's rounds would have, without Kafka. */
@Command(
        name = "simulate-rounds",
        description = {
            "Simulates fine-tuning rounds on labelled files, without Kafka.",
            "",
            "Feeds the labels in their order to rounds, and measures the active model after each: on texts that are"
                    + " never fed, and on the guard set. Rounds, gate and sampling are those of the service.",
            "",
            "The texts of --rehearse are split as train splits them with the same seed: what the model learned is"
                    + " rehearsed, and what it was tested on is the guard set. Writes rounds.md, rounds.json and"
                    + " rounds.png."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet simulate-rounds --data newer.csv --rehearse training.csv.gz \\",
            "      --labels 1000 --out simulation"
        })
final class SimulateRoundsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--rehearse",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts that the model was trained on.")
    private List<Path> rehearse;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to; it is created if it is missing.")
    private Path out;

    @Option(
            names = "--labels",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Labels that start a round (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(
            names = "--rounds",
            defaultValue = "0",
            paramLabel = "N",
            description = "Rounds to run at most, 0 for as many as there are labels (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--measure-on",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Texts that are never fed, to measure on (default: ${DEFAULT-VALUE}).")
    private int measured;

    @Option(
            names = "--epochs",
            defaultValue = "3",
            paramLabel = "N",
            description = "Epochs of a round at most (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.0005",
            paramLabel = "RATE",
            description = "Adam's initial learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--rehearsal",
            defaultValue = "1",
            paramLabel = "RATIO",
            description = "Earlier texts for each new one, 0 or more (default: ${DEFAULT-VALUE}).")
    private double rehearsal;

    @Option(
            names = "--level",
            defaultValue = "0.05",
            paramLabel = "P",
            description = "Significance level of the gate, in (0, 1) (default: ${DEFAULT-VALUE}).")
    private double level;

    @Option(
            names = "--margin",
            defaultValue = "0.005",
            paramLabel = "SHARE",
            description = "Accuracy on the guard set that the gate lets a candidate lose, in [0, 1] (default:"
                    + " ${DEFAULT-VALUE}).")
    private double margin;

    @Option(
            names = "--behaviour-margin",
            defaultValue = "0.02",
            paramLabel = "SHARE",
            description = "Accuracy on the behavioural cases that the gate lets a candidate lose, in [0, 1] (default:"
                    + " ${DEFAULT-VALUE}).")
    private double behaviourMargin;

    @Option(
            names = "--changed-verdicts",
            defaultValue = "0.15",
            paramLabel = "SHARE",
            description = "Share of the texts to measure on that a candidate may classify otherwise, in (0, 1]"
                    + " (default: ${DEFAULT-VALUE}).")
    private double changedVerdicts;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Seed of the choice of texts to measure on, and of the split of --rehearse (default:"
                    + " ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of the native code (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        RoundSimulation.Settings settings = settings();
        data.check();
        InputFiles.readable(rehearse);
        OutputPaths.folder(out);
        ModelArtefact first = model.read();
        NativeThreads.limit(threads);
        List<DataSet> learned = DataOptions.read(rehearse);
        DataSet fresh = DataSet.joined(data.read());
        RoundSimulation simulation = new RoundSimulation(first, learned, fresh, settings);
        PrintWriter terminal = command.commandLine().getOut();
        terminal.printf(
                Locale.ROOT,
                "%s%n%,d texts to feed, %,d to measure on, %,d in the guard set%n",
                fresh.name(),
                simulation.fed(),
                simulation.measured(),
                simulation.guard());
        List<SimulatedRound> results = simulation.run(TerminalProgress.on(terminal), round -> {
            terminal.println(round);
            terminal.flush();
        });
        SimulationReport report = new SimulationReport(
                fresh.name(),
                learned.stream().map(DataSet::name).toList(),
                simulation.measured(),
                simulation.guard(),
                results);
        OutputPaths.write(out, () -> report.write(out));
        terminal.printf(Locale.ROOT, "written to %s: rounds.md, rounds.json, rounds.png%n", out);
        terminal.flush();
        return 0;
    }

    private RoundSimulation.Settings settings() {
        Options.atLeast("--labels", 1, labels);
        Options.atLeast("--rounds", 0, rounds);
        Options.atLeast("--measure-on", 1, measured);
        Options.atLeast("--epochs", 1, epochs);
        Options.atLeast("--threads", 1, threads);
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY))
            throw CommandFailedException.usage("--learning-rate is " + learningRate + ": use a number above 0");
        if (!(rehearsal >= 0 && rehearsal < Double.POSITIVE_INFINITY))
            throw CommandFailedException.usage("--rehearsal is " + rehearsal + ": use 0 or more");
        Gate gate = Options.accepted(() -> new Gate(level, margin, behaviourMargin, changedVerdicts));
        return new RoundSimulation.Settings(labels, rounds, measured, epochs, learningRate, rehearsal, gate, seed);
    }
}
