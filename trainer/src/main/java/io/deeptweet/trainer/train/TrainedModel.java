// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.ScoredText;
import io.deeptweet.trainer.report.Charts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that was made, and how good it is.
 *
 * @param test the test texts as it scores them
 */
public record TrainedModel(ModelArtefact model, ModelReport report, List<ScoredText> test) {
    /**
     * How a model reads texts.
     *
     * @param maximumLength how many tokens of a text are read, the first ones
     */
    public record InputEncoding(TextPipeline pipeline, int maximumLength, Vocabulary vocabulary) {
        /** As that model does. */
        public static InputEncoding of(ModelArtefact model) {
            return new InputEncoding(model.pipeline(), model.maximumLength(), model.vocabulary());
        }
    }

    /**
     * Measures what a recipe gave with the scorer that will be used, on the texts as they came.
     *
     * @param name what the model's version begins with
     * @param parent what it was fine-tuned from, if it was; it is measured on the same texts
     * @param lessons what was learned of the material
     * @param settings all that the model came out of besides, by the options' names
     * @param others more texts to measure on, by what they are
     */
    public static TrainedModel of(
            String name,
            Optional<ModelArtefact> parent,
            InputEncoding reading,
            TrainingData material,
            Split lessons,
            Map<String, Object> settings,
            Hyperparameters.Result result,
            Map<String, List<Example>> others) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Optional<String> from = parent.map(ModelArtefact::version);
        KernelScorer scorer = KernelScorer.of(artefact(name, from, reading, material, result, now, "{}"));
        List<ScoredText> test = score(scorer, material.split().test());
        Map<String, Evaluation> besides = new LinkedHashMap<>();
        others.forEach((what, texts) -> besides.put(what, Evaluation.of(score(scorer, texts))));
        parent.map(KernelScorer::of).ifPresent(before -> {
            besides.put(
                    "parent on test",
                    Evaluation.of(score(before, material.split().test())));
            others.forEach((what, texts) -> besides.put("parent on " + what, Evaluation.of(score(before, texts))));
        });
        ModelReport report = new ModelReport(
                name,
                data(material, reading.vocabulary),
                training(reading, lessons, settings, result),
                Evaluation.of(score(scorer, material.split().validation())),
                Evaluation.of(test),
                besides,
                Optional.empty());
        return new TrainedModel(artefact(name, from, reading, material, result, now, report.toJson()), report, test);
    }

    /**
     * A model that was made before.
     *
     * @param parent as for {@link #of}
     * @param material as for {@link #of}
     * @param settings as for {@link #of}
     * @throws DataException if it came out of another parent, material or settings
     * @throws InvalidArtefactException if the file is no model
     * @throws IOException if it can't be read
     */
    public static TrainedModel read(
            Path file, Optional<ModelArtefact> parent, TrainingData material, Map<String, Object> settings)
            throws IOException, InvalidArtefactException {
        ModelArtefact model = ModelArtefact.read(file);
        ModelReport report = ModelReport.of(model.report());
        List<String> others = new ArrayList<>();
        if (!model.parent().equals(parent.map(ModelArtefact::version))) others.add("parent");
        if (!report.data().equals(data(material, model.vocabulary()))) others.add("data");
        if (!ModelReport.prettyJson(report.training().settings()).equals(ModelReport.prettyJson(settings)))
            others.add("settings");
        if (!others.isEmpty())
            throw new DataException(file + " was made from other " + String.join(", other ", others)
                    + " than now asked for: move it away to have it made anew");
        return new TrainedModel(
                model, report, score(KernelScorer.of(model), material.split().test()));
    }

    /** The same model, whose report says whether it took over from its parent. */
    public TrainedModel withDecision(ModelReport.Decision decision) {
        ModelReport decided = report.with(decision);
        ModelArtefact.Provenance provenance =
                new ModelArtefact.Provenance(model.parent(), model.createdAt(), model.trainingData(), decided.toJson());
        return new TrainedModel(
                ModelArtefact.of(
                        report.name(),
                        model.pipeline(),
                        model.maximumLength(),
                        model.vocabulary(),
                        model.weights(),
                        provenance),
                decided,
                test);
    }

    /** These texts as that model scores them. */
    public static List<ScoredText> score(KernelScorer scorer, List<Example> examples) {
        return ScoredText.of(scorer, examples.stream().map(Example::source).toList());
    }

    private static ModelArtefact artefact(
            String name,
            Optional<String> parent,
            InputEncoding reading,
            TrainingData material,
            Hyperparameters.Result result,
            Instant now,
            String report) {
        return ModelArtefact.of(
                name,
                reading.pipeline,
                reading.maximumLength,
                reading.vocabulary,
                result.weights(),
                new ModelArtefact.Provenance(parent, now, material.name(), report));
    }

    private static ModelReport.Data data(TrainingData material, Vocabulary vocabulary) {
        int[] tokens = material.split().test().stream()
                .flatMap(example -> example.tokens().stream())
                .mapToInt(vocabulary::row)
                .toArray();
        double unknown = (double) Arrays.stream(tokens)
                        .filter(row -> row == Vocabulary.UNKNOWN)
                        .count()
                / tokens.length;
        return new ModelReport.Data(
                material.name(),
                material.rows(),
                material.dropped().byReason(),
                material.split().train().size(),
                material.split().validation().size(),
                material.split().test().size(),
                material.unlabeled().size(),
                vocabulary.size(),
                unknown);
    }

    private static ModelReport.Training training(
            InputEncoding reading, Split lessons, Map<String, Object> settings, Hyperparameters.Result result) {
        List<Epoch> epochs = result.run().map(TrainingRun::epochs).orElse(List.of());
        double seconds = epochs.stream().mapToDouble(Epoch::seconds).sum();
        return new ModelReport.Training(
                reading.pipeline.name(),
                reading.maximumLength,
                settings,
                epochs,
                result.run().map(TrainingRun::best).orElse(0),
                result.run().map(TrainingRun::averaged).orElse(0),
                result.networkScale(),
                result.ngramScale(),
                seconds,
                epochs.isEmpty() ? 0 : epochs.size() * lessons.train().size() / seconds,
                ModelReport.Platform.here());
    }

    /** The folder in which an interrupted training of a model goes on: beside the file that it will be written to. */
    public static Path checkpointFolder(Path file) {
        return file.resolveSibling(file.getFileName() + ".checkpoint");
    }

    /** The file in which a model's teacher keeps what it said until the model is made: likewise. */
    public static Path teacherFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".teacher");
    }

    /** Writes the model; what an interrupted training would have gone on from is of no more use. */
    public void save(Path file) throws IOException {
        model.write(file);
        Checkpoint.delete(checkpointFolder(file));
        Files.deleteIfExists(teacherFile(file));
    }

    /** Writes the report with pictures to that folder. */
    public void writeReport(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), report.toPrettyJson());
        Files.writeString(folder.resolve("report.md"), report.toMarkdown());
        Charts.confusion(report.test().confusion(), folder.resolve("confusion.png"));
        Charts.precisionRecall(test, folder.resolve("precision-recall.png"));
        if (!report.training().epochs().isEmpty())
            Charts.learning(report.training().epochs(), folder.resolve("learning.png"));
    }
}
