// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.check.CheckSuite;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.TrainingProgress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Feeds labelled texts, in their order, to rounds as the service runs them, without Kafka, and measures the active
 * model after each round. Not thread-safe, and to be run once.
 */
public final class RoundSimulation {
    private static final int MOST_GUARDING = 5_000;
    private static final int MOST_REHEARSED = 20_000;

    /**
     * @param labels labels that start a round, at least 1
     * @param rounds rounds to run at most; 0 for as many as there are labels
     * @param measured texts that are never fed, to measure on, at least 1
     * @param epochs of a round at most
     * @param learningRate Adam's, at the beginning of a round
     * @param rehearsal earlier texts for each new one
     * @param seed of the choice of texts that are never fed, and of the split of earlier texts
     */
    public record Settings(
            int labels,
            int rounds,
            int measured,
            int epochs,
            double learningRate,
            double rehearsal,
            Gate gate,
            long seed) {
        public Settings {
            if (labels < 1 || measured < 1 || rounds < 0)
                throw new IllegalArgumentException("a simulation needs labels to feed and texts to measure on");
        }
    }

    private final Settings settings;
    private final List<LabeledText> fed;
    private final List<LabeledText> measured;
    private final List<LabeledText> guard;
    private final LabelStore labels = new LabelStore(MOST_REHEARSED);
    private final Set<String> sentTensors = new HashSet<>();
    private final List<String> recent;
    private ModelArtefact active;
    private GuardHistory history = GuardHistory.NONE;

    /**
     * Splits the texts.
     *
     * @param first the model that is active at the beginning
     * @param learned data sets that it was trained on: they are split as its training split them with the same seed;
     *     what it learned is rehearsed, and what it was tested on is the guard set
     * @param fresh texts to feed and to measure on; those that are among the learned ones are left out
     * @throws DataException if there are too few fresh texts
     */
    public RoundSimulation(ModelArtefact first, List<DataSet> learned, DataSet fresh, Settings settings) {
        this.active = first;
        this.settings = settings;
        Split earlier = TrainingData.of(
                        learned.stream().map(set -> set.forModel(first)).toList(),
                        first.pipeline(),
                        first.maximumLength(),
                        0,
                        Split.FROM_SCRATCH,
                        settings.seed,
                        new Split.Assignments())
                .split();
        this.guard = texts(
                earlier.test().subList(0, Math.min(MOST_GUARDING, earlier.test().size())));
        Stream.of(earlier.train(), earlier.validation())
                .flatMap(List::stream)
                .map(example -> Label.of(example.source()))
                .forEach(labels::rehearse);
        List<Example> unknown = unknown(fresh.forModel(first), earlier);
        List<Example> shuffled = new ArrayList<>(unknown);
        Collections.shuffle(shuffled, new Random(settings.seed));
        Set<Example> neverFed = new HashSet<>(shuffled.subList(0, settings.measured));
        this.measured = texts(List.copyOf(neverFed));
        this.recent = measured.stream().map(LabeledText::text).toList();
        this.fed = texts(
                unknown.stream().filter(example -> !neverFed.contains(example)).toList());
    }

    private List<Example> unknown(DataSet fresh, Split earlier) {
        Set<List<String>> known = new HashSet<>();
        Stream.of(earlier.train(), earlier.validation(), earlier.test())
                .flatMap(List::stream)
                .forEach(example -> known.add(example.tokens()));
        List<Example> unknown =
                Examples.of(fresh.texts(), active.pipeline(), active.maximumLength()).examples().stream()
                        .filter(example -> !known.contains(example.tokens()))
                        .toList();
        if (unknown.size() < settings.measured + settings.labels)
            throw new DataException(fresh.name() + ": " + unknown.size()
                    + " texts are new to the model, too few to measure on " + settings.measured + " and to feed "
                    + settings.labels + ": use more texts, or smaller numbers");
        return unknown;
    }

    /** How many texts there are to feed. */
    public int fed() {
        return fed.size();
    }

    /** How many texts are never fed, and measure the model. */
    public int measured() {
        return measured.size();
    }

    /** How many texts are in the guard set. */
    public int guard() {
        return guard.size();
    }

    /**
     * Runs the rounds.
     *
     * @param each is given the result of each round as it ends; first how the first model stands, as round 0
     * @return all of them
     */
    public List<SimulatedRound> run(TrainingProgress progress, Consumer<SimulatedRound> each) {
        FineTuning fineTuning = new FineTuning(
                settings.epochs,
                settings.learningRate,
                FrozenLayers.EMBEDDING,
                settings.rehearsal,
                settings.gate,
                new GuardSet(CheckSuite.shipped().tests(), guard),
                LabelerShare.UNBOUNDED);
        List<SimulatedRound> all = new ArrayList<>();
        all.add(standing(0, 0, false, "the first model", 0, newBytes()));
        each.accept(all.get(0));
        int possible = fed.size() / settings.labels;
        int rounds = settings.rounds == 0 ? possible : Math.min(settings.rounds, possible);
        for (int round = 1; round <= rounds; round++) {
            all.add(run(round, fineTuning, progress));
            each.accept(all.get(round));
        }
        return all;
    }

    private SimulatedRound run(int round, FineTuning fineTuning, TrainingProgress progress) {
        fed.subList((round - 1) * settings.labels, round * settings.labels)
                .forEach(text -> labels.add(Label.of(text), LabelStore.Stage.NEW));
        RoundLabels taken = labels.forRound();
        RoundOutcome outcome = fineTuning.of(new RoundInput(round, active, taken, recent, history), progress);
        labels.consume(taken, outcome.published());
        if (outcome.published()) {
            active = outcome.candidate().orElseThrow().model();
            history = history.after(outcome);
        }
        return standing(
                round,
                round * settings.labels,
                outcome.published(),
                outcome.decision().because(),
                outcome.seconds(),
                outcome.published() ? newBytes() : 0);
    }

    private SimulatedRound standing(
            int round, int labels, boolean published, String because, double seconds, long bytes) {
        KernelScorer scorer = KernelScorer.of(active);
        return new SimulatedRound(
                round,
                labels,
                active.version(),
                Evaluation.of(scorer, measured).accuracy(),
                Evaluation.of(scorer, guard).accuracy(),
                published,
                because,
                seconds,
                bytes);
    }

    /** Bytes of the active model's tensors that were not sent before. */
    private long newBytes() {
        return Artefacts.published(active).tensors().stream()
                .filter(tensor -> sentTensors.add(tensor.sha256()))
                .mapToLong(tensor -> tensor.bytes().length)
                .sum();
    }

    private static List<LabeledText> texts(List<Example> examples) {
        return examples.stream().map(Example::source).toList();
    }
}
