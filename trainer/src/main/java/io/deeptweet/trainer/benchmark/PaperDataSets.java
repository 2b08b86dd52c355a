// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TableLayout;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The three data sets that the paper's three models learn from, split so that no text stands on two sides in all of
 * them together, and the tweets that people labelled for TweetEval's validation, of which none is learned.
 *
 * @param sets as they were read, one for each file that is learned from
 * @param base Sentiment140's, 80/10/10
 * @param modern TweetEval's training tweets without neutral ones, and Kaggle's, 60/20/20
 * @param live recent tweets, 60/20/20
 * @param heldOut TweetEval's validation tweets without neutral ones
 */
public record PaperDataSets(
        List<DataSet> sets, TrainingData base, TrainingData modern, TrainingData live, List<Example> heldOut) {
    /** The paper's live tweets: 6,000 to train, 2,000 to validate, 2,000 to test. */
    private static final int LIVE_TEXTS = 10_000;

    /**
     * Texts to measure on, of which none is learned.
     *
     * @param of which material, in the order of {@link #materials}, is of such texts
     * @param paper what the paper says of its model of such texts, by the names of {@link BenchmarkReport}'s figures;
     *     none if it measured on no such
     */
    public record Test(String name, List<Example> texts, int of, Map<Metric, Double> paper) {}

    /** What the three models learn from. */
    public List<TrainingData> materials() {
        return List.of(base, modern, live);
    }

    /** The test sides of the three, and what was held out. */
    public List<Test> tests() {
        return List.of(
                new Test("Sentiment140", base.split().test(), 0, Map.of(Metric.ACCURACY, 0.80, Metric.MACRO_F1, 0.80)),
                new Test(
                        "TweetEval and Kaggle",
                        modern.split().test(),
                        1,
                        Map.of(Metric.ACCURACY, 0.78, Metric.MACRO_F1, 0.78)),
                new Test("TweetEval validation", heldOut, 1, Map.of()),
                new Test(
                        "World Cup 2022",
                        live.split().test(),
                        2,
                        Map.of(
                                Metric.ACCURACY,
                                0.86,
                                Metric.MACRO_F1,
                                0.85,
                                Metric.NEGATIVE_PRECISION,
                                0.92,
                                Metric.NEGATIVE_RECALL,
                                0.76,
                                Metric.POSITIVE_PRECISION,
                                0.82,
                                Metric.POSITIVE_RECALL,
                                0.94)));
    }

    /**
     * Reads a folder that holds {@code sentiment140/training.csv.gz}, {@code tweeteval/train.tsv.gz},
     * {@code tweeteval/val_text.txt} with its labels, {@code kaggle-tweets/Tweets.csv.gz} and
     * {@code recent/world-cup-2022.csv.gz}. What has no label is for the teacher: neutral tweets, those of
     * {@code streams/x-*.jsonl.gz} if they are there, and for the first model the tweets that the later ones learn
     * from.
     *
     * @param maximumLength how many tokens of a text are read, the first ones
     * @param limit use so many texts of each, drawn at random; 0 uses all (10,000 of the recent ones)
     * @param neutralIsNegative whether Kaggle's neutral tweets count as negative, as in the paper; else they are left
     *     out
     * @throws IOException if one can't be read
     */
    public static PaperDataSets read(
            Path folder, TextPipeline pipeline, int maximumLength, int limit, boolean neutralIsNegative, long seed)
            throws IOException {
        Split.Assignments sides = new Split.Assignments();
        List<Example> heldOut = Examples.of(
                        DataSetReader.read(folder.resolve("tweeteval/val_text.txt"))
                                .texts(),
                        pipeline,
                        maximumLength)
                .examples();
        sides.holdOut(heldOut);
        DataSet sentiment140 = DataSetReader.read(folder.resolve("sentiment140/training.csv.gz"));
        TrainingData base =
                TrainingData.of(List.of(sentiment140), pipeline, maximumLength, limit, Split.FROM_SCRATCH, seed, sides);
        DataSet tweetEval = DataSetReader.read(folder.resolve("tweeteval/train.tsv.gz"));
        DataSet kaggle = kaggle(folder.resolve("kaggle-tweets/Tweets.csv.gz"), neutralIsNegative);
        TrainingData modern = TrainingData.of(
                List.of(tweetEval, kaggle), pipeline, maximumLength, limit, Split.FINE_TUNING, seed, sides);
        DataSet recent = DataSetReader.read(folder.resolve("recent/world-cup-2022.csv.gz"));
        TrainingData live = TrainingData.of(
                List.of(recent),
                pipeline,
                maximumLength,
                limit > 0 ? Math.min(limit, LIVE_TEXTS) : LIVE_TEXTS,
                Split.FINE_TUNING,
                seed,
                sides);
        // Only now is it known which texts measure.
        List<String> streams = new ArrayList<>();
        for (String stream : List.of("x-chatgpt-2023", "x-election-2024")) {
            Path file = folder.resolve("streams/" + stream + ".jsonl.gz");
            if (Files.exists(file)) streams.addAll(DataSetReader.unlabeled(file));
        }
        UnaryOperator<TrainingData> more =
                material -> material.withUnlabeled(streams, pipeline, maximumLength, limit, seed, sides);
        TrainingData all = base;
        for (TrainingData later : List.of(modern, live))
            all = all.withUnlabeled(
                    Stream.concat(
                                    later.split().train().stream()
                                            .map(example -> example.source().text()),
                                    later.unlabeled().stream().map(TrainingData.Unlabeled::text))
                            .toList(),
                    pipeline,
                    maximumLength,
                    limit,
                    seed,
                    sides);
        return new PaperDataSets(
                List.of(sentiment140, tweetEval, kaggle, recent),
                more.apply(all),
                more.apply(modern),
                more.apply(live),
                heldOut);
    }

    private static DataSet kaggle(Path file, boolean neutralIsNegative) throws IOException {
        TableLayout layout = DataSetReader.layout(file);
        return DataSetReader.read(
                file,
                neutralIsNegative ? layout.withLabels(Set.of("negative", "neutral"), Set.of(), Set.of()) : layout);
    }
}
