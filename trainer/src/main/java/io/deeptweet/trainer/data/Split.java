// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/** Examples to learn from, to choose by, and to measure on. */
public record Split(List<Example> train, List<Example> validation, List<Example> test) {
    /** Four fifths to train: for a model from scratch. */
    public static final Shares FROM_SCRATCH = new Shares(0.1, 0.1);
    /** Three fifths to train: for a model from another, which is measured on little. */
    public static final Shares FINE_TUNING = new Shares(0.2, 0.2);

    /**
     * How much is not trained on.
     *
     * @param validation in (0, 1)
     * @param test in (0, 1); both leave some to train on
     */
    public record Shares(double validation, double test) {
        public Shares {
            if (!(validation > 0 && test > 0 && validation + test < 1))
                throw new IllegalArgumentException(
                        "validation and test must be shares that leave some to train on, were " + validation + " and "
                                + test);
        }
    }

    /** Part of a split. */
    private enum Side {
        TRAIN,
        VALIDATION,
        TEST
    }

    /**
     * Where texts stand in the splits that were made so far, so that none changes sides in a later one: data sets share
     * texts.
     */
    public static final class Assignments {
        private final Map<List<String>, Side> sides = new HashMap<>();

        /** Keeps these texts for measuring, whatever set they come in again. */
        public void holdOut(List<Example> examples) {
            examples.forEach(example -> sides.put(example.tokens(), Side.TEST));
        }

        /**
         * Whether a text without a label may be learned from: not if it validates or measures in a split so far. It
         * never will in a later one.
         */
        boolean learnable(List<String> tokens) {
            return sides.computeIfAbsent(tokens, first -> Side.TRAIN) == Side.TRAIN;
        }
    }

    /**
     * Splits at random with both classes in the same proportion on all sides; but a text that stands in an earlier
     * split keeps its side, and the others fill up what is left of the shares. The same examples, seed and earlier
     * sides give the same split.
     *
     * @param earlier the sides taken so far; those of this split are added
     * @throws DataException if one of the sides would lack one of the classes
     */
    public static Split stratified(List<Example> examples, Shares shares, long seed, Assignments earlier) {
        Random random = new Random(seed);
        Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (boolean positive : new boolean[] {false, true}) {
            List<Example> alike = new ArrayList<>(examples.stream()
                    .filter(example -> example.positive() == positive)
                    .toList());
            Collections.shuffle(alike, random);
            Map<Side, Long> known = alike.stream()
                    .map(example -> earlier.sides.get(example.tokens()))
                    .filter(Objects::nonNull)
                    .collect(Collectors.groupingBy(side -> side, Collectors.counting()));
            long validationLeft =
                    Math.round(alike.size() * shares.validation) - known.getOrDefault(Side.VALIDATION, 0L);
            long testLeft = Math.round(alike.size() * shares.test) - known.getOrDefault(Side.TEST, 0L);
            for (Example example : alike) {
                Side side = earlier.sides.get(example.tokens());
                if (side == null) {
                    side = validationLeft > 0 ? Side.VALIDATION : testLeft > 0 ? Side.TEST : Side.TRAIN;
                    if (side == Side.VALIDATION) validationLeft--;
                    else if (side == Side.TEST) testLeft--;
                    earlier.sides.put(example.tokens(), side);
                }
                split.of(side).add(example);
            }
        }
        for (boolean positive : new boolean[] {false, true})
            for (Side side : Side.values())
                if (split.of(side).stream().noneMatch(example -> example.positive() == positive))
                    throw new DataException("there are "
                            + examples.stream()
                                    .filter(example -> example.positive() == positive)
                                    .count() + (positive ? " positive" : " negative")
                            + " texts: too few to split for training, validation and test");
        return split;
    }

    private List<Example> of(Side side) {
        return switch (side) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }
}
