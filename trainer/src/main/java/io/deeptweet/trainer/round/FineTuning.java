// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.check.ModelCheck;
import io.deeptweet.trainer.data.DroppedRows;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.ModelTrainer;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingProgress;
import io.deeptweet.trainer.train.TrainingResult;
import io.deeptweet.trainer.train.TrainingRun;
import io.deeptweet.trainer.train.TrainingTargets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fine-tunes the active model on new labels, with earlier texts rehearsed, and lets the gate decide.
 *
 * @param epochs most epochs; at least 1
 * @param learningRate Adam's first learning rate, which falls linearly to zero
 * @param frozen the part of the active model that is not trained
 * @param rehearsal earlier texts per new text; 0 or more
 * @param guard the guard set; without one, no candidate is published
 * @param share bounds what one labeller contributes
 */
public record FineTuning(
        int epochs,
        double learningRate,
        FrozenLayers frozen,
        double rehearsal,
        Gate gate,
        GuardSet guard,
        LabelerShare share) {
    private static final int BATCH = 256;
    private static final int PATIENCE = 1;
    /**
     * Weight of the active model's probability in the target of a rehearsed text; the label has the rest (Li and Hoiem,
     * Learning without Forgetting, 2016).
     */
    private static final double DISTILLATION_SHARE = 0.5;

    /**
     * Makes a candidate and compares it with the active model. The same input gives the same candidate.
     *
     * @param progress is notified of each batch; an exception that it throws ends the round
     */
    public RoundOutcome of(RoundInput input, TrainingProgress progress) {
        long start = System.nanoTime();
        int round = input.number();
        ModelArtefact active = input.active();
        RoundLabels labels = input.labels();
        RoundTexts texts = RoundTexts.of(active, labels, guard, share, rehearsal, round);
        KernelScorer before = KernelScorer.of(active);
        Split split = new Split(
                joined(
                        texts.train(),
                        texts.rehearsedTrain().stream()
                                .map(example -> distilled(example, before))
                                .toList()),
                joined(texts.validation(), texts.rehearsedValidation()),
                texts.heldOut());
        Optional<String> lacking = lackingLabelers(labels).or(texts::lacking);
        if (lacking.isPresent()) return withheld(lacking.get(), split, texts, start);

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
                Hyperparameters.FINE_TUNING.classBalance(),
                round);
        TrainingResult result;
        try {
            result = new ModelTrainer(hyperparameters)
                    .fineTune(
                            active.weights(),
                            new TrainingTargets(split),
                            active.vocabulary(),
                            Optional.empty(),
                            progress);
        } catch (TrainingRun.DivergedException e) {
            return withheld(e.getMessage(), split, texts, start);
        } catch (IOException e) {
            throw new UncheckedIOException("reading and writing without a checkpoint", e);
        }
        TrainedModel candidate = candidate(round, active, labels, texts, split, hyperparameters, result);
        McNemarTest heldOut = McNemarTest.of(TrainedModel.score(before, texts.heldOut()), candidate.test());
        KernelScorer after = KernelScorer.of(candidate.model());
        GateEvidence evidence = new GateEvidence(
                heldOut,
                guard.behaviour().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ModelCheck.compared(guard.behaviour(), before, after)),
                compared(before, after, texts.guard()),
                compared(before, after, texts.earlier()),
                VerdictChange.of(active, before, after, input.recent()),
                input.history());
        GateDecision decision = gate.decide(evidence);
        Map<String, McNemarTest> tests = new LinkedHashMap<>(Map.of("held out", heldOut));
        evidence.behaviour().ifPresent(test -> tests.put("behavioural cases", test));
        evidence.guard().ifPresent(test -> tests.put("guard", test));
        evidence.earlier().ifPresent(test -> tests.put("earlier held out", test));
        return new RoundOutcome(
                decision,
                Optional.of(candidate.withDecision(
                        new ModelReport.Decision(decision instanceof GateDecision.Publish, decision.because(), tests))),
                split.train().size(),
                texts.rehearsedTrain().size(),
                split.validation().size(),
                texts.unused(),
                Optional.of(evidence),
                seconds(start));
    }

    private TrainedModel candidate(
            int round,
            ModelArtefact active,
            RoundLabels labels,
            RoundTexts texts,
            Split split,
            Hyperparameters hyperparameters,
            TrainingResult result) {
        TrainingData data = new TrainingData(
                "labels of round " + round
                        + (texts.rehearsedTrain().isEmpty() ? "" : ", with earlier labels rehearsed"),
                labels.consumed().size(),
                DroppedRows.NONE,
                split,
                List.of());
        Map<String, Object> settings = hyperparameters.settings();
        settings.put("--rehearsal", rehearsal);
        return TrainedModel.of(
                "round-" + round,
                Optional.of(active),
                TrainedModel.InputEncoding.of(active),
                data,
                settings,
                result,
                texts.guard().isEmpty() ? Map.of() : Map.of("guard", texts.guard()));
    }

    private Optional<String> lackingLabelers(RoundLabels labels) {
        int labelers = LabelerShare.labelers(labels.consumed());
        return labelers >= share.leastLabelers()
                ? Optional.empty()
                : Optional.of("the labels are of " + labelers + " labeller" + (labelers == 1 ? "" : "s")
                        + ", and a round needs " + share.leastLabelers() + "; they are kept for later rounds");
    }

    private static Optional<McNemarTest> compared(KernelScorer before, KernelScorer after, List<Example> texts) {
        if (texts.isEmpty()) return Optional.empty();
        return Optional.of(McNemarTest.of(TrainedModel.score(before, texts), TrainedModel.score(after, texts)));
    }

    private static Example distilled(Example earlier, KernelScorer active) {
        return earlier.withSoftLabel(active.score(earlier.source().text()), DISTILLATION_SHARE, true);
    }

    private static RoundOutcome withheld(String because, Split split, RoundTexts texts, long start) {
        return RoundOutcome.withheld(
                because,
                split.train().size(),
                texts.rehearsedTrain().size(),
                split.validation().size(),
                texts.unused(),
                seconds(start));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static List<Example> joined(List<Example> first, List<Example> second) {
        List<Example> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}
