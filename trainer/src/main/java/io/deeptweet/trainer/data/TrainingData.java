// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model is made from: data sets, read with a text pipeline, and split.
 *
 * @param name of the data sets
 * @param rows in their files
 * @param dropped rows that are on no side
 * @param unlabeled texts that a teacher may tell, none of which is on a side
 */
public record TrainingData(String name, int rows, DroppedRows dropped, Split split, List<Unlabeled> unlabeled) {
    /**
     * Of each earlier material to validate with. As many as of the new one leave the calibration between them, twice as
     * far off.
     */
    private static final double VALIDATION_SHARE = 0.15;

    /**
     * A text without a label.
     *
     * @param tokens of the text, those that the network reads, at least one
     */
    public record Unlabeled(String text, List<String> tokens) {}

    /**
     * Tokenizes, draws, and splits.
     *
     * @param maximumLength how many tokens of a text are read, the first ones
     * @param limit use so many texts, drawn at random; 0 uses all
     * @param seed of the draw and the split
     * @param earlier sides of texts that were split before; those of this split are added
     * @throws DataException if there are too few to split
     */
    public static TrainingData of(
            List<DataSet> sets,
            TextPipeline pipeline,
            int maximumLength,
            int limit,
            Split.Shares shares,
            long seed,
            Split.Assignments earlier) {
        DataSet set = DataSet.joined(sets);
        Examples examples = Examples.of(set.texts(), pipeline, maximumLength);
        List<Example> drawn = limit > 0 ? drawn(examples.examples(), limit, new Random(seed)) : examples.examples();
        DroppedRows dropped = set.dropped()
                .and(examples.dropped())
                .and(new DroppedRows(
                        Map.of("over the limit", examples.examples().size() - drawn.size())));
        Split split = Split.stratified(drawn, shares, seed, earlier);
        return new TrainingData(set.name(), set.rows(), dropped, split, List.of())
                .withUnlabeled(set.unlabeled(), pipeline, maximumLength, limit, seed, earlier);
    }

    /**
     * The same with more texts that have no label. Those that are empty, stand in it already, or validate or measure in
     * any split are left out.
     *
     * @param limit use so many of them, drawn at random; 0 uses all
     * @param sides of all splits that were made
     */
    public TrainingData withUnlabeled(
            List<String> texts,
            TextPipeline pipeline,
            int maximumLength,
            int limit,
            long seed,
            Split.Assignments sides) {
        Set<List<String>> there = new HashSet<>();
        Stream.of(split.train(), split.validation(), split.test())
                .flatMap(List::stream)
                .forEach(example -> there.add(example.tokens()));
        unlabeled.forEach(text -> there.add(text.tokens));
        List<Unlabeled> all = new ArrayList<>(unlabeled);
        for (String text : limit > 0 ? drawn(texts, limit, new Random(seed)) : texts) {
            List<String> tokens = pipeline.tokens(text);
            List<String> read = tokens.subList(0, Math.min(tokens.size(), maximumLength));
            if (!read.isEmpty() && there.add(read) && sides.learnable(read)) all.add(new Unlabeled(text, read));
        }
        return new TrainingData(name, rows, dropped, split, List.copyOf(all));
    }

    private static <T> List<T> drawn(List<T> all, int most, Random random) {
        if (most >= all.size()) return all;
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, most);
    }

    /**
     * The same with earlier texts mixed into those to train and, fewer of them, to validate with, so that what was
     * learned from them is not forgotten, but the model is calibrated for texts like those that are to come. The test
     * stays as it is.
     *
     * @param before the materials that these come from; none changes nothing
     * @param share how many texts of each to train with come to each of the new ones, if there are so many; positive
     */
    public TrainingData withRehearsal(List<TrainingData> before, double share, long seed) {
        if (before.isEmpty()) return this;
        Random random = new Random(seed);
        List<Example> train = new ArrayList<>(split.train());
        List<Example> validation = new ArrayList<>(split.validation());
        for (TrainingData earlier : before) {
            train.addAll(drawn(
                    earlier.split.train(),
                    (int) Math.round(share * split.train().size()),
                    random));
            validation.addAll(drawn(
                    earlier.split.validation(),
                    (int) Math.round(VALIDATION_SHARE * split.validation().size()),
                    random));
        }
        String names = before.stream().map(TrainingData::name).collect(Collectors.joining(" and "));
        return new TrainingData(
                name + ", rehearsing " + names, rows, dropped, new Split(train, validation, split.test()), unlabeled);
    }

    /** In words: rows, what was dropped, and the sides. */
    @Override
    public String toString() {
        return String.format(
                "%s: %,d rows, dropped %s%n%,d texts to train, %,d to validate, %,d to test; %,d without a label",
                name,
                rows,
                dropped,
                split.train().size(),
                split.validation().size(),
                split.test().size(),
                unlabeled.size());
    }
}
