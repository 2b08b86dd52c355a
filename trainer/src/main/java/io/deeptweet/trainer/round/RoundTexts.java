// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.check.BehaviouralTest;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.label.RoundLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The texts of a round. Each sequence of tokens is in one of the lists only: what is tested on is never trained on,
 * even if the same text came under several ids.
 *
 * @param train new texts to train on
 * @param rehearsedTrain earlier texts to train on again
 * @param validation new texts to validate on
 * @param rehearsedValidation earlier texts to validate on
 * @param heldOut texts to test on
 * @param guard the operator's guard set
 * @param earlier held-out labels from before the last publication; empty if there is a guard set
 * @param unused number of new labels that exceed a labeller's share, so that they are in none of the lists
 */
record RoundTexts(
        List<Example> train,
        List<Example> rehearsedTrain,
        List<Example> validation,
        List<Example> rehearsedValidation,
        List<Example> heldOut,
        List<Example> guard,
        List<Example> earlier,
        int unused) {
    /**
     * The number of earlier texts is computed from at least this many new ones, so that calibration has enough texts.
     */
    private static final int LEAST_NEW = 1_000;
    /** Number of earlier texts to validate on, per text to rehearse: calibration must fit new texts above all. */
    private static final double VALIDATION_SHARE = 0.25;
    /** Fewest neutral texts of each subset from which opinions are learned. */
    private static final int LEAST_NEUTRAL = 10;

    /**
     * Selects a round's texts.
     *
     * @param active whose text pipeline and maximum length apply
     * @param guard the guard set; if it has no texts of the operator, earlier held-out labels are tested on as well
     * @param share bounds what one labeller contributes to each list
     * @param rehearsal earlier texts per new text; 0 or more
     * @param seed of the random selection of earlier texts
     */
    static RoundTexts of(
            ModelArtefact active, RoundLabels labels, GuardSet guard, LabelerShare share, double rehearsal, long seed) {
        boolean opinion = active.weights().opinion().isPresent();
        boolean opinionLabelled = opinion && opinionLabelled(labels);
        Selection selection = new Selection(active, opinion, opinionLabelled);
        // The guard set first: a label cannot take a text away from it.
        guard.behaviour().forEach(selection::exclude);
        List<Example> guardSet = selection.take(selection.remaining(guard.texts()));
        List<Label> consumed = share.bounded(labels.consumed());
        List<Label> rehearsable = share.bounded(labels.earlier());
        // Tests before training: a text that is held out under one id is not trained on under another.
        List<Example> heldOut = selection.take(selection.remaining(share.bounded(labels.heldOut()).stream()));
        List<Example> earlier = guardSet.isEmpty()
                ? selection.take(selection.remaining(share.bounded(labels.guard()).stream()))
                : List.of();
        List<Example> validation = selection.take(selection.remaining(of(consumed, Label.Subset.VALIDATION)));
        List<Example> train = selection.take(selection.remaining(of(consumed, Label.Subset.TRAIN)));
        Random random = new Random(seed);
        List<Example> rehearsedValidation = selection.take(sample(
                selection.remaining(of(rehearsable, Label.Subset.VALIDATION)),
                rehearsed(VALIDATION_SHARE, validation.size(), rehearsal),
                random));
        List<Example> rehearsedTrain = selection.take(sample(
                selection.remaining(of(rehearsable, Label.Subset.TRAIN)),
                rehearsed(1, train.size(), rehearsal),
                random));
        return new RoundTexts(
                train,
                rehearsedTrain,
                validation,
                rehearsedValidation,
                heldOut,
                guardSet,
                earlier,
                labels.consumed().size() - consumed.size());
    }

    /**
     * Whether the labels tell which texts have an opinion: there are some neutral texts to train, validate and test on.
     * With fewer, a candidate would learn that every text has an opinion, so only their polarity counts.
     */
    private static boolean opinionLabelled(RoundLabels labels) {
        List<Label> neutral = labels.consumed().stream()
                .filter(label -> label.sentiment() == Sentiment.NEUTRAL)
                .toList();
        return of(neutral, Label.Subset.TRAIN).count() >= LEAST_NEUTRAL
                && of(neutral, Label.Subset.VALIDATION).count() >= LEAST_NEUTRAL
                && labels.heldOut().stream()
                                .filter(label -> label.sentiment() == Sentiment.NEUTRAL)
                                .count()
                        >= LEAST_NEUTRAL;
    }

    /** Why no model can be trained on these texts; empty if one can. */
    Optional<String> lacking() {
        return Stream.of(
                        lacking("train on", train, rehearsedTrain),
                        lacking("validate on", validation, rehearsedValidation),
                        lacking("test on", heldOut, List.of()))
                .flatMap(Optional::stream)
                .findFirst()
                .map(reason -> unused == 0
                        ? reason
                        : reason + "; " + unused + " new labels are left out, because of each labeller counts only a"
                                + " share, see deeptweet.round.labeler-share");
    }

    private static Optional<String> lacking(String use, Collection<Example> fresh, Collection<Example> rehearsed) {
        long positive = count(SentimentClass.POSITIVE, fresh, rehearsed);
        long negative = count(SentimentClass.NEGATIVE, fresh, rehearsed);
        return positive > 0 && negative > 0
                ? Optional.empty()
                : Optional.of("there are " + negative + " negative and " + positive + " positive texts to " + use
                        + ": a round needs both; later rounds may rehearse them");
    }

    private static long count(SentimentClass label, Collection<Example> fresh, Collection<Example> rehearsed) {
        return Stream.of(fresh, rehearsed)
                .flatMap(Collection::stream)
                .filter(example -> example.source().label() == label)
                .count();
    }

    private static Stream<Label> of(List<Label> labels, Label.Subset subset) {
        return labels.stream().filter(label -> label.subset() == subset);
    }

    private static int rehearsed(double share, int fresh, double rehearsal) {
        return rehearsal == 0 ? 0 : (int) Math.round(share * Math.max(LEAST_NEW, rehearsal * fresh));
    }

    private static List<Example> sample(List<Example> examples, int most, Random random) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, Math.min(most, shuffled.size()));
    }

    /** Keeps account of the sequences of tokens that are in one of the lists already. */
    private static final class Selection {
        private final ModelArtefact reader;
        private final boolean opinion;
        private final boolean opinionLabelled;
        private final Set<List<String>> taken = new HashSet<>();

        /**
         * A selection of nothing.
         *
         * @param opinion whether the model has an opinion head; without one, neutral texts are left out
         * @param opinionLabelled whether the labels tell which texts have an opinion; if not, neutral ones are left out
         */
        Selection(ModelArtefact reader, boolean opinion, boolean opinionLabelled) {
            this.reader = reader;
            this.opinion = opinion;
            this.opinionLabelled = opinionLabelled;
        }

        List<Example> remaining(Stream<Label> labels) {
            return remaining(labels.filter(label -> opinionLabelled || label.sentiment() != Sentiment.NEUTRAL)
                    .map(label -> new LabeledText(
                            label.text(),
                            SentimentClass.valueOf(label.sentiment().name()),
                            opinionLabelled))
                    .toList());
        }

        List<Example> remaining(List<LabeledText> all) {
            List<LabeledText> texts =
                    opinion ? all : all.stream().filter(text -> !text.neutral()).toList();
            return Examples.of(texts, reader.pipeline(), reader.maximumLength()).examples().stream()
                    .filter(example -> !taken.contains(example.tokens()))
                    .toList();
        }

        /** Keeps the sentences of a behavioural test out of all lists. */
        void exclude(BehaviouralTest test) {
            take(remaining(test.texts().map(text -> new LabeledText(text, true)).toList()));
        }

        List<Example> take(List<Example> examples) {
            examples.forEach(example -> taken.add(example.tokens()));
            return examples;
        }
    }
}
