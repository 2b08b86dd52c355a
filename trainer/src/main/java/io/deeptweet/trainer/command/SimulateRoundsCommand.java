// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.report.Charts;
import io.deeptweet.trainer.round.FineTuning;
import io.deeptweet.trainer.round.Gate;
import io.deeptweet.trainer.round.RoundOutcome;
import io.deeptweet.trainer.train.FrozenLayers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate-rounds}: what the live loop would make of labels, without Kafka. */
@Command(
        name = "simulate-rounds",
        mixinStandardHelpOptions = true,
        description = {
            "Feeds the labels of files to the trainer's rounds, in their order, and measures the model that is active after each: on a part of these texts that is never fed, and on earlier texts.",
            "",
            "Rounds, gate and sampling are those of the service; only Kafka is left out. The texts of --rehearse are split as train splits them with the same seed: what the first model learned is "
                    + "rehearsed, and what it was tested on is the guard set. Writes rounds.md, rounds.json and rounds.png."
        },
        showDefaultValues = true,
        footer = {
            "",
            "Example:",
            "  simulate-rounds --data newer.csv --rehearse training.csv.gz --labels 1000 --out simulation",
            "",
            "Exit codes: 0 simulated, 1 not, 2 wrong usage."
        })
final class SimulateRoundsCommand implements Callable<Integer> {
    private static final int MOST_GUARDING = 5_000;
    private static final int MOST_REHEARSED = 20_000;

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
            description = "Labelled texts that the model learned from.")
    private List<Path> rehearse;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write what comes of it.")
    private Path out;

    @Option(names = "--labels", defaultValue = "1000", paramLabel = "N", description = "Labels that start a round.")
    private int labels;

    @Option(
            names = "--rounds",
            defaultValue = "0",
            paramLabel = "N",
            description = "Stop after so many rounds; 0 goes on to the last label.")
    private int rounds;

    @Option(names = "--measure-on", defaultValue = "2000", paramLabel = "N", description = "Texts that are never fed.")
    private int measured;

    @Option(names = "--epochs", defaultValue = "3", paramLabel = "N", description = "Most passes over a round's texts.")
    private int epochs;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.0005",
            paramLabel = "RATE",
            description = "Adam's learning rate, at first.")
    private double learningRate;

    @Option(
            names = "--rehearsal",
            defaultValue = "1",
            paramLabel = "RATIO",
            description = "So many earlier texts for each new one.")
    private double rehearsal;

    @Option(names = "--level", defaultValue = "0.05", paramLabel = "P", description = "The gate's level.")
    private double level;

    @Option(names = "--margin", defaultValue = "0.005", paramLabel = "SHARE", description = "The gate's margin.")
    private double margin;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Of what is never fed, and of the split of --rehearse.")
    private long seed;

    @Option(names = "--threads", defaultValue = "1", paramLabel = "N", description = "Threads of the native code.")
    private int threads;

    /**
     * How it stands after a round.
     *
     * @param round 0 before the first
     * @param labels fed so far
     * @param accuracy of the active model on the texts that are never fed
     * @param guard of it on the guard set
     * @param seconds of training and measuring
     * @param bytes of tensors that a publication sends
     */
    public record After(
            int round,
            int labels,
            String active,
            double accuracy,
            double guard,
            boolean published,
            String because,
            double seconds,
            long bytes) {}

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        PrintWriter terminal = command.commandLine().getOut();
        if (labels < 1 || measured < 1 || rounds < 0 || threads < 1)
            throw new ParameterException(
                    command.commandLine(),
                    "--labels, --measure-on and --threads must be positive, --rounds zero or more");
        ModelArtefact active = model.read();
        NativeThreads.limit(threads);
        Files.createDirectories(out);

        List<DataSet> before = new ArrayList<>();
        for (Path file : rehearse) before.add(DataSetReader.read(file));
        Split earlier = TrainingData.of(
                        before,
                        active.pipeline(),
                        active.maximumLength(),
                        0,
                        Split.FROM_SCRATCH,
                        seed,
                        new Split.Assignments())
                .split();
        List<LabeledText> guard = texts(
                earlier.test().subList(0, Math.min(MOST_GUARDING, earlier.test().size())));
        Set<List<String>> known = new HashSet<>();
        Stream.of(earlier.train(), earlier.validation(), earlier.test())
                .flatMap(List::stream)
                .forEach(example -> known.add(example.tokens()));

        DataSet set = DataSet.joined(data.read());
        List<Example> fresh = Examples.of(set.texts(), active.pipeline(), active.maximumLength()).examples().stream()
                .filter(example -> !known.contains(example.tokens()))
                .toList();
        if (fresh.size() < measured + labels)
            throw new ParameterException(
                    command.commandLine(),
                    "there are " + fresh.size() + " texts that the model does not know: too few to measure on "
                            + measured + " and to feed " + labels);
        List<Example> shuffled = new ArrayList<>(fresh);
        Collections.shuffle(shuffled, new Random(seed));
        Set<Example> never = new HashSet<>(shuffled.subList(0, measured));
        List<LabeledText> measuredOn = texts(List.copyOf(never));
        List<LabeledText> fed =
                texts(fresh.stream().filter(example -> !never.contains(example)).toList());

        LabelStore state = new LabelStore(MOST_REHEARSED);
        Stream.of(earlier.train(), earlier.validation())
                .flatMap(List::stream)
                .map(example -> Label.of(example.source()))
                .forEach(state::rehearse);
        FineTuning fineTuning =
                new FineTuning(epochs, learningRate, FrozenLayers.EMBEDDING, rehearsal, new Gate(level, margin), guard);
        Set<String> sent = new HashSet<>();
        List<After> all = new ArrayList<>();
        all.add(after(0, 0, active, measuredOn, guard, false, "the model to begin with", 0, sent(active, sent)));
        terminal.printf(
                "%s%n%,d texts to feed, %,d to measure on, %,d in the guard set%n%s%n",
                set.name(), fed.size(), measuredOn.size(), guard.size(), line(all.get(0)));
        terminal.flush();
        for (int round = 1, from = 0;
                from + labels <= fed.size() && (rounds == 0 || round <= rounds);
                round++, from += labels) {
            fed.subList(from, from + labels).forEach(text -> state.add(Label.of(text), LabelStore.Stage.NEW));
            RoundLabels taken = state.forRound();
            RoundOutcome outcome = fineTuning.of(round, active, taken, TerminalProgress.on(terminal));
            state.consume(taken, outcome.published());
            if (outcome.published()) active = outcome.candidate().orElseThrow().model();
            all.add(after(
                    round,
                    from + labels,
                    active,
                    measuredOn,
                    guard,
                    outcome.published(),
                    outcome.decision().because(),
                    outcome.seconds(),
                    outcome.published() ? sent(active, sent) : 0));
            terminal.println(line(all.get(round)));
            terminal.flush();
        }
        Files.writeString(out.resolve("rounds.json"), ReportJson.pretty(all));
        Files.writeString(out.resolve("rounds.md"), markdown(all, set.name(), before, measuredOn.size(), guard.size()));
        Charts.rounds(
                all.stream().map(After::labels).toList(),
                all.stream().map(After::accuracy).toList(),
                all.stream().map(After::guard).toList(),
                out.resolve("rounds.png"));
        terminal.printf("written to %s: rounds.md, rounds.json, rounds.png%n", out);
        terminal.flush();
        return 0;
    }

    private static List<LabeledText> texts(List<Example> examples) {
        return examples.stream().map(Example::source).toList();
    }

    private static After after(
            int round,
            int labels,
            ModelArtefact active,
            List<LabeledText> measuredOn,
            List<LabeledText> guard,
            boolean published,
            String because,
            double seconds,
            long bytes) {
        KernelScorer scorer = KernelScorer.of(active);
        return new After(
                round,
                labels,
                active.version(),
                Evaluation.of(scorer, measuredOn).accuracy(),
                Evaluation.of(scorer, guard).accuracy(),
                published,
                because,
                seconds,
                bytes);
    }

    /** The bytes of those tensors that were not sent before. */
    private static long sent(ModelArtefact model, Set<String> before) {
        return Artefacts.published(model).tensors().stream()
                .filter(tensor -> before.add(tensor.sha256()))
                .mapToLong(tensor -> tensor.bytes().length)
                .sum();
    }

    private static String line(After after) {
        return String.format(
                Locale.ROOT,
                "round %d  %,6d labels  accuracy %.4f  guard %.4f  %5.1f s  %,10d bytes  %s: %s",
                after.round(),
                after.labels(),
                after.accuracy(),
                after.guard(),
                after.seconds(),
                after.bytes(),
                after.published() ? "published" : after.round() == 0 ? after.active() : "withheld",
                after.because());
    }

    private static String markdown(List<After> all, String name, List<DataSet> before, int measuredOn, int guard) {
        StringBuilder page = new StringBuilder("# Rounds of the live loop\n\n");
        page.append(String.format(
                Locale.ROOT,
                "Labels of %s, fed in their order to %s. Accuracy is the active model's on %,d of these texts that were never fed; the guard's on %,d texts of %s that the first model was tested on.%n%n",
                name,
                all.get(0).active(),
                measuredOn,
                guard,
                String.join(", ", before.stream().map(DataSet::name).toList())));
        page.append(
                "![Rounds](rounds.png)\n\n| round | labels so far | accuracy | guard | published | seconds | bytes sent |\n|---:|---:|---:|---:|:---|---:|---:|\n");
        for (After after : all)
            page.append(String.format(
                    Locale.ROOT,
                    "| %d | %,d | %.4f | %.4f | %s | %.1f | %,d |%n",
                    after.round(),
                    after.labels(),
                    after.accuracy(),
                    after.guard(),
                    after.round() == 0 ? "the first" : after.published() ? "yes" : "no",
                    after.seconds(),
                    after.bytes()));
        page.append('\n');
        for (After after : all.subList(1, all.size()))
            page.append(String.format(
                    "- Round %d %s: %s.%n",
                    after.round(), after.published() ? "published" : "withheld", after.because()));
        return page.toString();
    }
}
