// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.evaluate.ScoredText;
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
import java.util.stream.Collectors;

/**
 * A trained model with its report.
 *
 * @param test the test texts with the model's scores
 */
public record TrainedModel(ModelArtefact model, ModelReport report, List<ScoredText> test) {
    /**
     * How a model turns a text into rows of its embedding.
     *
     * @param maximumLength tokens that are read of a text, the first ones
     */
    public record InputEncoding(TextPipeline pipeline, int maximumLength, Vocabulary vocabulary) {
        /** That model's. */
        public static InputEncoding of(ModelArtefact model) {
            return new InputEncoding(model.pipeline(), model.maximumLength(), model.vocabulary());
        }
    }

    /**
     * Evaluates what was trained, with the scorer of the stream and on the original texts, and builds the artefact.
     *
     * @param name what the model's version begins with
     * @param parent the model it was fine-tuned from, which is evaluated on the same texts; empty for one from scratch
     * @param data whose validation and test texts are used
     * @param settings all that decided the training besides the data, by the options' names
     * @param otherTests more texts to evaluate on, by their name
     */
    public static TrainedModel of(
            String name,
            Optional<ModelArtefact> parent,
            InputEncoding encoding,
            TrainingData data,
            Map<String, Object> settings,
            TrainingResult result,
            Map<String, List<Example>> otherTests) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Optional<String> from = parent.map(ModelArtefact::version);
        KernelScorer scorer = KernelScorer.of(artefact(name, from, encoding, data, result, now, "{}"));
        List<ScoredText> test = score(scorer, data.split().test());
        Map<String, Evaluation> besides = new LinkedHashMap<>(byClasses(test));
        otherTests.forEach((what, texts) -> besides.put(what, Evaluation.of(score(scorer, texts))));
        parent.map(KernelScorer::of).ifPresent(before -> {
            besides.put(
                    "parent on test", Evaluation.of(score(before, data.split().test())));
            otherTests.forEach((what, texts) -> besides.put("parent on " + what, Evaluation.of(score(before, texts))));
        });
        List<ScoredText> validation = score(scorer, data.split().validation());
        ModelReport report = new ModelReport(
                name,
                summary(data, encoding.vocabulary),
                summary(encoding, settings, result),
                Evaluation.of(validation),
                Evaluation.of(test),
                besides,
                correction(validation, result.weights().opinion().isPresent()),
                Optional.empty());
        return new TrainedModel(artefact(name, from, encoding, data, result, now, report.toJson()), report, test);
    }

    /** None for a model of three classes without neutral texts to validate on: nothing is known of their scores. */
    private static Optional<Map<String, ShareCorrection.HeldOut>> correction(
            List<ScoredText> validation, boolean three) {
        if (three && validation.stream().noneMatch(scored -> scored.text().neutral())) return Optional.empty();
        return Optional.of(ScoredText.correction(validation).toReport());
    }

    /** The evaluations of the texts of three and of two classes alone, if there are both. */
    private static Map<String, Evaluation> byClasses(List<ScoredText> test) {
        Map<Boolean, List<ScoredText>> parts = test.stream()
                .collect(Collectors.partitioningBy(scored -> scored.text().opinionLabelled()));
        if (parts.values().stream().anyMatch(List::isEmpty)) return Map.of();
        Map<String, Evaluation> evaluations = new LinkedHashMap<>();
        evaluations.put("test, three classes", Evaluation.of(parts.get(true)));
        evaluations.put("test, two classes", Evaluation.of(parts.get(false)));
        return evaluations;
    }

    /**
     * Reads a model that was trained before, and evaluates it on the test texts again.
     *
     * @param parent as for {@link #of}
     * @param data as for {@link #of}
     * @param settings as for {@link #of}
     * @throws DataException if it was trained from another parent, other data or other settings
     * @throws InvalidArtefactException if the file is not a model
     * @throws IOException if it cannot be read
     */
    public static TrainedModel read(
            Path file, Optional<ModelArtefact> parent, TrainingData data, Map<String, Object> settings)
            throws IOException, InvalidArtefactException {
        ModelArtefact model = ModelArtefact.read(file);
        ModelReport report = ModelReport.of(model.report());
        List<String> differences = new ArrayList<>();
        if (!model.parent().equals(parent.map(ModelArtefact::version))) differences.add("another parent");
        if (!report.data().equals(summary(data, model.vocabulary()))) differences.add("other data");
        if (!ReportJson.pretty(report.training().settings()).equals(ReportJson.pretty(settings)))
            differences.add("other settings");
        if (!differences.isEmpty())
            throw new DataException(file + " was trained with " + String.join(", ", differences)
                    + ": delete or rename it to train it again");
        return new TrainedModel(
                model, report, score(KernelScorer.of(model), data.split().test()));
    }

    /** The same model with the gate's decision in its report. */
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

    /** The examples' texts with a model's scores. */
    public static List<ScoredText> score(KernelScorer scorer, List<Example> examples) {
        return ScoredText.of(scorer, examples.stream().map(Example::source).toList());
    }

    private static ModelArtefact artefact(
            String name,
            Optional<String> parent,
            InputEncoding encoding,
            TrainingData data,
            TrainingResult result,
            Instant now,
            String report) {
        return ModelArtefact.of(
                name,
                encoding.pipeline,
                encoding.maximumLength,
                encoding.vocabulary,
                result.weights(),
                new ModelArtefact.Provenance(parent, now, data.name(), report));
    }

    private static ModelReport.Data summary(TrainingData data, Vocabulary vocabulary) {
        int[] tokens = data.split().test().stream()
                .flatMap(example -> example.tokens().stream())
                .mapToInt(vocabulary::row)
                .toArray();
        double unknown = (double) Arrays.stream(tokens)
                        .filter(row -> row == Vocabulary.UNKNOWN)
                        .count()
                / tokens.length;
        return new ModelReport.Data(
                data.name(),
                data.rows(),
                data.dropped().byReason(),
                data.split().train().size(),
                data.split().validation().size(),
                data.split().test().size(),
                data.unlabeled().size(),
                vocabulary.size(),
                unknown,
                data.sources());
    }

    private static ModelReport.Training summary(
            InputEncoding encoding, Map<String, Object> settings, TrainingResult result) {
        List<Epoch> epochs = result.run().map(TrainingRun::epochs).orElse(List.of());
        double seconds = epochs.stream().mapToDouble(Epoch::seconds).sum();
        return new ModelReport.Training(
                encoding.pipeline.name(),
                encoding.maximumLength,
                settings,
                epochs,
                result.run().map(TrainingRun::best).orElse(0),
                result.run().map(TrainingRun::averaged).orElse(0),
                result.sums().stream()
                        .map(sum -> new ModelReport.Head(sum.networkScale(), sum.ngramScale()))
                        .toList(),
                seconds,
                epochs.isEmpty() ? 0 : epochs.size() * result.trainingTexts() / seconds,
                ModelReport.Platform.here());
    }

    /** The folder beside a model's file from which an interrupted training resumes. */
    public static Path checkpointFolder(Path file) {
        return file.resolveSibling(file.getFileName() + ".checkpoint");
    }

    /** The file beside a model's file that keeps the teacher's probabilities until the model is saved. */
    public static Path teacherFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".teacher");
    }

    /** Writes the model, and deletes its checkpoint and the teacher's probabilities. */
    public void save(Path file) throws IOException {
        model.write(file);
        Checkpoint.delete(checkpointFolder(file));
        Files.deleteIfExists(teacherFile(file));
    }
}
