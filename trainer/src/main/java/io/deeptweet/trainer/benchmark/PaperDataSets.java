// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
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
import java.util.stream.Stream;

/**
 * The data of the paper's three models, split so that no text is in two parts, in all data sets together; and
 * TweetEval's validation tweets, which none of the models is trained on.
 *
 * @param sets one for each file that a model is trained on
 * @param base Sentiment140's, 80/10/10
 * @param modern TweetEval's training tweets without neutral ones, and Kaggle's, 60/20/20
 * @param live recent tweets, 60/20/20
 * @param heldOut TweetEval's validation tweets without neutral ones
 */
public record PaperDataSets(
        List<DataSet> sets, TrainingData base, TrainingData modern, TrainingData live, List<Example> heldOut) {
    /** The paper's: 6,000 for training, 2,000 for validation, 2,000 for test. */
    private static final int LIVE_TEXTS = 10_000;

    /**
     * A test set.
     *
     * @param of index in {@link #trainingData} of the data of the same kind
     * @param paper the paper's figures of its model of this kind; none if it has no such test
     */
    public record TestSet(String name, List<Example> texts, int of, Map<Metric, Double> paper) {}

    /** The data of the three models. */
    public List<TrainingData> trainingData() {
        return List.of(base, modern, live);
    }

    /** The test parts of the three models' data, and the held-out tweets. */
    public List<TestSet> tests() {
        return List.of(
                new TestSet(
                        "Sentiment140", base.split().test(), 0, Map.of(Metric.ACCURACY, 0.80, Metric.MACRO_F1, 0.80)),
                new TestSet(
                        "TweetEval and Kaggle",
                        modern.split().test(),
                        1,
                        Map.of(Metric.ACCURACY, 0.78, Metric.MACRO_F1, 0.78)),
                new TestSet("TweetEval validation", heldOut, 1, Map.of()),
                new TestSet(
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
     * {@code recent/world-cup-2022.csv.gz}. Texts without a label, which only the teacher classifies, are neutral
     * tweets, those of {@code streams/x-*.jsonl.gz} if the files exist, and for the first model the training tweets of
     * the other two.
     *
     * @param maximumLength tokens that are read of a text, the first ones
     * @param limit most texts of each data set, chosen at random; 0 for all (10,000 of the recent ones)
     * @param neutralIsNegative whether Kaggle's neutral tweets count as negative, as in the paper; else they are
     *     dropped
     * @throws IOException if a file cannot be read
     */
    public static PaperDataSets read(
            Path folder, TextPipeline pipeline, int maximumLength, int limit, boolean neutralIsNegative, long seed)
            throws IOException {
        return new Reader(folder, pipeline, maximumLength, limit, seed).read(neutralIsNegative);
    }

    /** Reads the data sets in the order of the models; each split adds to the assignments. */
    private record Reader(
            Path folder,
            TextPipeline pipeline,
            int maximumLength,
            int limit,
            long seed,
            Split.Assignments assignments) {
        Reader(Path folder, TextPipeline pipeline, int maximumLength, int limit, long seed) {
            this(folder, pipeline, maximumLength, limit, seed, new Split.Assignments());
        }

        PaperDataSets read(boolean neutralIsNegative) throws IOException {
            List<LabeledText> validation = DataSetReader.read(folder.resolve("tweeteval/val_text.txt"))
                    .withoutNeutral()
                    .texts();
            List<Example> heldOut =
                    Examples.of(validation, pipeline, maximumLength).examples();
            assignments.holdOut(heldOut);
            DataSet sentiment140 = DataSetReader.read(folder.resolve("sentiment140/training.csv.gz"))
                    .withoutNeutral();
            TrainingData base = data(List.of(sentiment140), limit, Split.FROM_SCRATCH);
            DataSet tweetEval =
                    DataSetReader.read(folder.resolve("tweeteval/train.tsv.gz")).withoutNeutral();
            DataSet kaggle = kaggle(folder.resolve("kaggle-tweets/Tweets.csv.gz"), neutralIsNegative);
            TrainingData modern = data(List.of(tweetEval, kaggle), limit, Split.FINE_TUNING);
            DataSet recent = DataSetReader.read(folder.resolve("recent/world-cup-2022.csv.gz"))
                    .withoutNeutral();
            int liveLimit = limit > 0 ? Math.min(limit, LIVE_TEXTS) : LIVE_TEXTS;
            TrainingData live = data(List.of(recent), liveLimit, Split.FINE_TUNING);

            // Unlabelled texts come after all splits, which decide on the texts of validation and test.
            List<String> streams = streams();
            return new PaperDataSets(
                    List.of(sentiment140, tweetEval, kaggle, recent),
                    withUnlabeled(
                            withUnlabeled(withUnlabeled(base, trainingTexts(modern)), trainingTexts(live)), streams),
                    withUnlabeled(modern, streams),
                    withUnlabeled(live, streams),
                    heldOut);
        }

        private TrainingData data(List<DataSet> sets, int limit, Split.Shares shares) {
            return TrainingData.of(sets, pipeline, maximumLength, limit, shares, seed, assignments);
        }

        private TrainingData withUnlabeled(TrainingData data, List<String> texts) {
            return data.withUnlabeled(texts, pipeline, maximumLength, limit, seed, assignments);
        }

        private static List<String> trainingTexts(TrainingData data) {
            return Stream.concat(
                            data.split().train().stream()
                                    .map(example -> example.source().text()),
                            data.unlabeled().stream().map(TrainingData.Unlabeled::text))
                    .toList();
        }

        private List<String> streams() throws IOException {
            List<String> texts = new ArrayList<>();
            for (String stream : List.of("x-chatgpt-2023", "x-election-2024")) {
                Path file = folder.resolve("streams/" + stream + ".jsonl.gz");
                if (Files.exists(file)) texts.addAll(DataSetReader.unlabeled(file));
            }
            return texts;
        }
    }

    private static DataSet kaggle(Path file, boolean neutralIsNegative) throws IOException {
        TableLayout layout = DataSetReader.layout(file);
        return DataSetReader.read(
                        file,
                        neutralIsNegative
                                ? layout.withLabels(Set.of("negative", "neutral"), Set.of(), Set.of())
                                : layout)
                .withoutNeutral();
    }
}
