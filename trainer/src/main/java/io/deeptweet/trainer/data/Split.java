// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Examples for training, validation and test.
 *
 * @param validation stops training and chooses epochs and weights
 * @param test measures the result, and is used for nothing else
 */
public record Split(List<Example> train, List<Example> validation, List<Example> test) {
    /** 80/10/10: for a model from scratch. */
    public static final Shares FROM_SCRATCH = new Shares(0.1, 0.1);
    /** 60/20/20: for fine-tuning, which has fewer texts to validate and test with. */
    public static final Shares FINE_TUNING = new Shares(0.2, 0.2);

    /** Largest weight of a text: of three classes, one with a ninth of the texts has it. */
    private static final double LARGEST_WEIGHT = 3;

    /**
     * The shares of validation and test; training has the rest.
     *
     * @param validation in (0, 1)
     * @param test in (0, 1); less than 1 together with validation
     */
    public record Shares(double validation, double test) {
        public Shares {
            if (!(validation > 0 && test > 0 && validation + test < 1))
                throw new IllegalArgumentException("the shares of validation and test are " + validation + " and "
                        + test + ": use positive shares with a sum below 1");
        }
    }

    private enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    /**
     * The parts of the texts that were split so far, so that no text is in different parts of two splits: data sets
     * share texts. Not thread-safe.
     */
    public static final class Assignments {
        private final Map<List<String>, Part> parts = new HashMap<>();

        /** Assigns texts to test, in all later splits. */
        public void holdOut(List<Example> examples) {
            examples.forEach(example -> parts.put(example.tokens(), Part.TEST));
        }

        /**
         * Assigns a text without a label to training, if it has no part yet.
         *
         * @return whether its part is training
         */
        boolean assignToTrain(List<String> tokens) {
            return parts.computeIfAbsent(tokens, first -> Part.TRAIN) == Part.TRAIN;
        }
    }

    /**
     * Splits at random, with the same shares of each class. A text that has a part already keeps it; the others fill up
     * the shares. The same examples, seed and assignments give the same split.
     *
     * @param assignments of earlier splits; those of this split are added
     * @throws DataException if a part would have no text of a class that occurs, or no positive or no negative text
     */
    public static Split stratified(List<Example> examples, Shares shares, long seed, Assignments assignments) {
        Random random = new Random(seed);
        Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (SentimentClass label : SentimentClass.values()) {
            List<Example> ofClass = new ArrayList<>(ofClass(examples, label));
            Collections.shuffle(ofClass, random);
            split.add(ofClass, shares, assignments);
            if (label == SentimentClass.NEUTRAL && ofClass.isEmpty()) continue; // two classes
            for (Part part : Part.values())
                if (ofClass(split.of(part), label).isEmpty())
                    throw new DataException("the number of " + label.label() + " texts is "
                            + ofClass.size() + ": too few to split for training, validation and test"
                            + (label == SentimentClass.NEUTRAL
                                    ? "; label more, leave them out, or train a model with --two-classes"
                                    : ""));
        }
        split.requireOpinions();
        return split;
    }

    /** Refuses texts of three classes that are all neutral: a model would learn to call every text neutral. */
    private void requireOpinions() {
        for (List<Example> part : List.of(train, validation, test)) {
            Set<Boolean> neutral = part.stream()
                    .filter(example -> example.source().opinionLabelled())
                    .map(example -> example.source().neutral())
                    .collect(Collectors.toSet());
            if (neutral.equals(Set.of(true)))
                throw new DataException(
                        "training, validation or test has neutral texts, but no others of files with three classes:"
                                + " neutral texts need negative and positive ones in the same file; add such files,"
                                + " leave the neutral texts out, or train a model with --two-classes");
        }
    }

    /** The same with more texts to train on, and more to validate on. */
    public Split with(List<Example> moreTrain, List<Example> moreValidation) {
        return new Split(
                Stream.concat(train.stream(), moreTrain.stream()).toList(),
                Stream.concat(validation.stream(), moreValidation.stream()).toList(),
                test);
    }

    /** Heads of a model that is trained on these texts: 2 if labels say whether a text has an opinion, else 1. */
    public int heads() {
        return train.stream().anyMatch(example -> example.source().opinionLabelled()) ? 2 : 1;
    }

    /**
     * The same texts with weights for training and validation that balance the classes of each data set. Of n classes
     * of a data set, a class with the share s of its texts has the weight (1 / (n s))^balance, at most
     * {@value #LARGEST_WEIGHT}. In the polarity, s is the share among the texts with an opinion, so that a data set
     * with few of them does not weigh more in it. A model that is trained and calibrated so finds more of the rare
     * classes, and is less accurate as a whole. It does not learn that a data set has many texts of a class, which it
     * could tell by its style. Texts of two classes keep their weight.
     *
     * @param balance 0 changes nothing; with 1 all classes of a data set weigh the same; in [0, 1]
     */
    public Split balanced(double balance) {
        return new Split(balanced(train, balance), balanced(validation, balance), test);
    }

    /** The examples with weights as for {@link #balanced(double)}. */
    public static List<Example> balanced(List<Example> examples, double balance) {
        if (balance == 0) return examples;
        Map<String, Map<SentimentClass, Long>> counts = examples.stream()
                .map(Example::source)
                .filter(LabeledText::opinionLabelled)
                .collect(Collectors.groupingBy(
                        LabeledText::dataSet, Collectors.groupingBy(LabeledText::label, Collectors.counting())));
        Map<String, Map<SentimentClass, Weights>> weights = new HashMap<>();
        counts.forEach((dataSet, classes) -> weights.put(dataSet, weights(classes, balance)));
        return examples.stream()
                .map(example -> example.source().opinionLabelled()
                        ? weights.get(example.source().dataSet())
                                .get(example.source().label())
                                .of(example)
                        : example)
                .toList();
    }

    /** The weights of a class in a data set. */
    private record Weights(float polarity, float opinion) {
        Example of(Example example) {
            return example.weighted(polarity, opinion);
        }
    }

    private static Map<SentimentClass, Weights> weights(Map<SentimentClass, Long> counts, double balance) {
        Map<SentimentClass, Long> opinions = new EnumMap<>(counts);
        opinions.remove(SentimentClass.NEUTRAL);
        Map<SentimentClass, Weights> weights = new EnumMap<>(SentimentClass.class);
        for (SentimentClass label : counts.keySet())
            weights.put(
                    label,
                    new Weights(
                            label == SentimentClass.NEUTRAL ? 1 : weight(opinions, label, balance),
                            weight(counts, label, balance)));
        return weights;
    }

    private static float weight(Map<SentimentClass, Long> counts, SentimentClass label, double balance) {
        long all = counts.values().stream().mapToLong(count -> count).sum();
        double weight = Math.pow((double) all / (counts.size() * counts.get(label)), balance);
        return (float) Math.min(LARGEST_WEIGHT, weight);
    }

    private static List<Example> ofClass(List<Example> examples, SentimentClass label) {
        return examples.stream()
                .filter(example -> example.source().label() == label)
                .toList();
    }

    private void add(List<Example> ofClass, Shares shares, Assignments assignments) {
        Map<Part, Long> assigned = ofClass.stream()
                .map(example -> assignments.parts.get(example.tokens()))
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(part -> part, Collectors.counting()));
        long validationLeft =
                Math.round(ofClass.size() * shares.validation) - assigned.getOrDefault(Part.VALIDATION, 0L);
        long testLeft = Math.round(ofClass.size() * shares.test) - assigned.getOrDefault(Part.TEST, 0L);
        for (Example example : ofClass) {
            Part part = assignments.parts.get(example.tokens());
            if (part == null) {
                part = validationLeft > 0 ? Part.VALIDATION : testLeft > 0 ? Part.TEST : Part.TRAIN;
                if (part == Part.VALIDATION) validationLeft--;
                else if (part == Part.TEST) testLeft--;
                assignments.parts.put(example.tokens(), part);
            }
            of(part).add(example);
        }
    }

    private List<Example> of(Part part) {
        return switch (part) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }
}
