// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.data.DroppedRows;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.Labels;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.ModelTrainer;
import io.deeptweet.trainer.train.TrainingResult;
import io.deeptweet.trainer.train.TrainingTargets;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingProgress;
import io.deeptweet.trainer.train.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a round does: a candidate from the active model and new labels, with some earlier ones learned again, and
 * whether it is better.
 *
 * @param epochs most passes over the texts
 * @param learningRate Adam's, at first; it falls to zero
 * @param frozen what keeps the active model's weights
 * @param rehearsal how many earlier texts come to each new one, if there are so many; zero or more
 * @param gate what a candidate must pass
 * @param guard the guard set; if it is empty, earlier held-out labels stand for it
 */
public record FineTuning(
        int epochs,
        double learningRate,
        FrozenLayers frozen,
        double rehearsal,
        Gate gate,
        List<LabeledText> guard) {
    private static final int BATCH = 256;
    private static final int PATIENCE = 1;
    /** With fewer earlier texts than these a small round would be calibrated on a handful. */
    private static final int LEAST_REHEARSED = 1_000;
    /** Earlier texts to validate with for each one to learn: the model is calibrated for what is to come. */
    private static final double VALIDATION_SHARE = 0.25;
    /**
     * How much of what is learned of an earlier text the active model says, its label the rest (Li and Hoiem, Learning
     * without Forgetting, 2016).
     */
    private static final double KNOWN_SHARE = 0.5;

    /**
     * What came of a round.
     *
     * @param made the candidate; empty if there was too little to train or to measure
     * @param heldOut candidate and active model on held-out new labels
     * @param guard both on earlier tweets; empty if there are none
     * @param seconds of training and measuring
     */
    public record Outcome(
            GateDecision decision,
            Optional<TrainedModel> made,
            int trained,
            int rehearsed,
            int validated,
            Optional<McNemarTest> heldOut,
            Optional<McNemarTest> guard,
            double seconds) {
        /** A round that came to nothing. */
        static Outcome failed(String because) {
            return new Outcome(
                    new GateDecision.Withhold("it failed: " + because),
                    Optional.empty(),
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0);
        }

        /** Whether the candidate takes over. */
        public boolean published() {
            return decision instanceof GateDecision.Publish;
        }
    }

    /**
     * Makes a candidate and compares it. The same model, labels and round give the same candidate.
     *
     * @param round its number, which names the candidate and seeds the training
     * @param progress is told of each batch; what it throws ends the round
     */
    public Outcome of(int round, ModelArtefact active, Labels.Taken labels, TrainingProgress progress) {
        long start = System.nanoTime();
        // What measures is chosen first: a text that is held out under one id is not learned under another.
        List<Example> heldOut = examples(labels.heldOut().stream(), active, List.of());
        List<Example> guarding = guard.isEmpty()
                ? examples(labels.guard().stream(), active, heldOut)
                : without(
                        heldOut,
                        Examples.of(guard, active.pipeline(), active.maximumLength())
                                .examples());
        List<Example> validation = examples(of(labels.consumed(), Label.Side.VALIDATION), active, heldOut, guarding);
        List<Example> train = examples(of(labels.consumed(), Label.Side.TRAIN), active, heldOut, guarding, validation);
        Random random = new Random(round);
        List<Example> validationBefore = drawn(
                examples(of(labels.earlier(), Label.Side.VALIDATION), active, heldOut, guarding, validation, train),
                VALIDATION_SHARE,
                validation.size(),
                random);
        List<Example> trainBefore = drawn(
                examples(
                        of(labels.earlier(), Label.Side.TRAIN),
                        active,
                        heldOut,
                        guarding,
                        validation,
                        train,
                        validationBefore),
                1,
                train.size(),
                random);
        KernelScorer before = KernelScorer.of(active);
        Split split = new Split(
                joined(
                        train,
                        trainBefore.stream()
                                .map(example -> known(example, before))
                                .toList()),
                joined(validation, validationBefore),
                heldOut);
        Optional<String> lacking = Stream.of(
                        lacking("to learn from", split.train()),
                        lacking("to stop by", split.validation()),
                        lacking("to measure on", split.test()))
                .flatMap(Optional::stream)
                .findFirst();
        if (lacking.isPresent())
            return withheld(lacking.get() + "; they stay for later rounds", split, trainBefore.size(), start);

        Hyperparameters hyperparameters = new Hyperparameters(
                epochs,
                PATIENCE,
                BATCH,
                learningRate,
                true,
                Hyperparameters.FINE_TUNING.dropout(),
                frozen,
                0,
                0,
                round);
        TrainingData material = new TrainingData(
                "labels of round " + round + (trainBefore.isEmpty() ? "" : ", rehearsing earlier ones"),
                labels.consumed().size(),
                DroppedRows.NONE,
                split,
                List.of());
        Map<String, Object> settings = hyperparameters.settings();
        settings.put("--rehearsal", rehearsal);
        TrainingResult result;
        try {
            result = new ModelTrainer(hyperparameters).fineTune(
                    active.weights(),
                    new TrainingTargets(split),
                    active.vocabulary(),
                    Optional.empty(),
                    progress);
        } catch (TrainingRun.DivergedException e) {
            return withheld(e.getMessage(), split, trainBefore.size(), start);
        } catch (IOException e) {
            throw new UncheckedIOException("without a checkpoint nothing is read or written", e);
        }
        Map<String, List<Example>> others = new LinkedHashMap<>();
        if (!guarding.isEmpty()) others.put("guard", guarding);
        TrainedModel made = TrainedModel.of(
                "round-" + round,
                Optional.of(active),
                TrainedModel.InputEncoding.of(active),
                material,
                settings,
                result,
                others);
        KernelScorer after = KernelScorer.of(made.model());
        McNemarTest fresh = McNemarTest.of(TrainedModel.score(before, heldOut), made.test());
        Optional<McNemarTest> earlier = guarding.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        McNemarTest.of(TrainedModel.score(before, guarding), TrainedModel.score(after, guarding)));
        GateDecision decision = gate.decide(fresh, earlier);
        Map<String, McNemarTest> tests = new LinkedHashMap<>(Map.of("held out", fresh));
        earlier.ifPresent(test -> tests.put("guard", test));
        TrainedModel decided = made.withDecision(
                new ModelReport.Decision(decision instanceof GateDecision.Publish, decision.because(), tests));
        return new Outcome(
                decision,
                Optional.of(decided),
                split.train().size(),
                trainBefore.size(),
                split.validation().size(),
                Optional.of(fresh),
                earlier,
                seconds(start));
    }

    private static Outcome withheld(String because, Split split, int rehearsed, long start) {
        return new Outcome(
                new GateDecision.Withhold(because),
                Optional.empty(),
                split.train().size(),
                rehearsed,
                split.validation().size(),
                Optional.empty(),
                Optional.empty(),
                seconds(start));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static Stream<Label> of(List<Label> labels, Label.Side side) {
        return labels.stream().filter(label -> label.side() == side);
    }

    @SafeVarargs
    private static List<Example> examples(Stream<Label> labels, ModelArtefact reader, List<Example>... elsewhere) {
        List<Example> all = Examples.of(
                        labels.map(label -> new LabeledText(label.text(), label.positive()))
                                .toList(),
                        reader.pipeline(),
                        reader.maximumLength())
                .examples();
        for (List<Example> others : elsewhere) all = without(others, all);
        return all;
    }

    private static List<Example> without(List<Example> others, List<Example> examples) {
        Set<List<String>> taken = new HashSet<>();
        others.forEach(example -> taken.add(example.tokens()));
        return examples.stream()
                .filter(example -> !taken.contains(example.tokens()))
                .toList();
    }

    private static Example known(Example earlier, KernelScorer active) {
        return earlier.withSoftLabel(active.score(earlier.source().text()).probability(), KNOWN_SHARE);
    }

    private List<Example> drawn(List<Example> earlier, double share, int fresh, Random random) {
        List<Example> shuffled = new ArrayList<>(earlier);
        Collections.shuffle(shuffled, random);
        int most = rehearsal == 0 ? 0 : (int) Math.round(share * Math.max(LEAST_REHEARSED, rehearsal * fresh));
        return shuffled.subList(0, Math.min(most, shuffled.size()));
    }

    private static List<Example> joined(Collection<Example> first, Collection<Example> second) {
        List<Example> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }

    /** What both classes are needed for, and are not there for. */
    private static Optional<String> lacking(String use, List<Example> examples) {
        long positive = examples.stream().filter(Example::positive).count();
        return positive > 0 && positive < examples.size()
                ? Optional.empty()
                : Optional.of("there are " + (examples.size() - positive) + " negative and " + positive
                        + " positive texts " + use + ": too few for a model");
    }
}
