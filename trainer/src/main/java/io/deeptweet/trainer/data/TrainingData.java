// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tokenized and split texts that a model is trained on.
 *
 * @param name of the data sets
 * @param rows in their files
 * @param dropped rows that are in no part of the split
 * @param unlabeled texts without a label, for training with a teacher; none of them is in the split
 * @param sources of the files, with their licences; empty if nobody asked for them
 */
public record TrainingData(
        String name,
        int rows,
        DroppedRows dropped,
        Split split,
        List<Unlabeled> unlabeled,
        Optional<List<DataSource>> sources) {
    /**
     * Rehearsed validation texts of each earlier data set, for each validation text. With as many as new ones, the
     * calibration is a compromise, and the calibration error on new texts doubles.
     */
    private static final double REHEARSED_VALIDATION = 0.15;

    /**
     * A text without a label.
     *
     * @param tokens that the network reads, at least one
     */
    public record Unlabeled(String text, List<String> tokens) {}

    /** Data whose licences nobody asked for. */
    public TrainingData(String name, int rows, DroppedRows dropped, Split split, List<Unlabeled> unlabeled) {
        this(name, rows, dropped, split, unlabeled, Optional.empty());
    }

    /** The same with the sources of its files. */
    public TrainingData withSources(Optional<List<DataSource>> sources) {
        return new TrainingData(name, rows, dropped, split, unlabeled, sources);
    }

    /**
     * Tokenizes, samples and splits data sets.
     *
     * @param maximumLength tokens that are read of a text, the first ones
     * @param limit most labelled and most unlabelled texts, chosen at random; 0 for all
     * @param seed of the sample and the split
     * @param assignments of texts that were split before; those of this split are added
     * @throws DataException if there are too few texts to split
     */
    public static TrainingData of(
            List<DataSet> sets,
            TextPipeline pipeline,
            int maximumLength,
            int limit,
            Split.Shares shares,
            long seed,
            Split.Assignments assignments) {
        DataSet set = DataSet.joined(sets);
        Examples examples = Examples.of(set.texts(), pipeline, maximumLength);
        List<Example> sample = limit > 0 ? sample(examples.examples(), limit, new Random(seed)) : examples.examples();
        DroppedRows dropped = set.dropped()
                .and(examples.dropped())
                .and(new DroppedRows(
                        Map.of(DroppedRows.OVER_LIMIT, examples.examples().size() - sample.size())));
        Split split = Split.stratified(sample, shares, seed, assignments);
        return new TrainingData(set.name(), set.rows(), dropped, split, List.of())
                .withUnlabeled(set.unlabeled(), pipeline, maximumLength, limit, seed, assignments);
    }

    /**
     * The same with more texts that have no label. Texts without tokens are left out, and those that are in this data
     * already or in validation or test of any split.
     *
     * @param limit most texts, chosen at random; 0 for all
     * @param assignments of all splits
     */
    public TrainingData withUnlabeled(
            List<String> texts,
            TextPipeline pipeline,
            int maximumLength,
            int limit,
            long seed,
            Split.Assignments assignments) {
        Set<List<String>> present = new HashSet<>();
        Stream.of(split.train(), split.validation(), split.test())
                .flatMap(List::stream)
                .forEach(example -> present.add(example.tokens()));
        unlabeled.forEach(text -> present.add(text.tokens));
        List<Unlabeled> all = new ArrayList<>(unlabeled);
        for (String text : limit > 0 ? sample(texts, limit, new Random(seed)) : texts) {
            List<String> tokens = pipeline.tokens(text);
            List<String> read = tokens.subList(0, Math.min(tokens.size(), maximumLength));
            if (!read.isEmpty() && present.add(read) && assignments.assignToTrain(read))
                all.add(new Unlabeled(text, read));
        }
        return new TrainingData(name, rows, dropped, split, List.copyOf(all), sources);
    }

    private static <T> List<T> sample(List<T> all, int most, Random random) {
        if (most >= all.size()) return all;
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, most);
    }

    /**
     * The same with texts of earlier data mixed into training and, in a smaller share, into validation, so that
     * fine-tuning does not forget them. The test stays as it is.
     *
     * @param earlier the parents' data; none changes nothing
     * @param ratio training texts of each earlier data set for each of the new ones, if there are so many; positive
     */
    public TrainingData withRehearsal(List<TrainingData> earlier, double ratio, long seed) {
        if (earlier.isEmpty()) return this;
        Random random = new Random(seed);
        List<Example> train = new ArrayList<>(split.train());
        List<Example> validation = new ArrayList<>(split.validation());
        for (TrainingData data : earlier) {
            train.addAll(sample(
                    data.split.train(), (int) Math.round(ratio * split.train().size()), random));
            validation.addAll(sample(
                    data.split.validation(),
                    (int) Math.round(REHEARSED_VALIDATION * split.validation().size()),
                    random));
        }
        String names = earlier.stream().map(TrainingData::name).collect(Collectors.joining(" and "));
        return new TrainingData(
                name + ", rehearsing " + names,
                rows,
                dropped,
                new Split(train, validation, split.test()),
                unlabeled,
                sources);
    }

    /** The numbers of rows and texts, in two lines. */
    @Override
    public String toString() {
        return String.format(
                "%s: %,d rows, dropped %s%n"
                        + "%,d texts for training, %,d for validation, %,d for test; %,d without a label",
                name,
                rows,
                dropped,
                split.train().size(),
                split.validation().size(),
                split.test().size(),
                unlabeled.size());
    }
}
