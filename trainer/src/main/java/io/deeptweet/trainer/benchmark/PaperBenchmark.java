// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.plan.FineTuningPlan;
import io.deeptweet.trainer.plan.TrainingPlan;
import io.deeptweet.trainer.report.ModelReportFiles;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains the paper's three models where their files are missing, and evaluates all on every test set, beside a linear
 * model of the same texts.
 */
public final class PaperBenchmark {
    private final PaperDataSets data;
    private final Path models;
    private final Path reports;
    private final TrainingProgress progress;
    private final Consumer<String> log;

    /**
     * @param models folder of the models' files, {@code <name>.safetensors}
     * @param reports folder to write a folder with each model's report to
     * @param log is given a line on each step
     */
    public PaperBenchmark(
            PaperDataSets data, Path models, Path reports, TrainingProgress progress, Consumer<String> log) {
        this.data = data;
        this.models = models;
        this.reports = reports;
        this.progress = progress;
        this.log = log;
    }

    /**
     * The file of a model.
     *
     * @param name of its plan
     */
    public static Path file(Path models, String name) {
        return models.resolve(name + ".safetensors");
    }

    /** The three models, each fine-tuned from the one before. */
    public record Models(TrainedModel base, TrainedModel modern, TrainedModel live) {}

    /**
     * Trains the models, or reads those that exist.
     *
     * @throws io.deeptweet.trainer.data.DataException if a file holds a model of another plan or of other data
     * @throws InvalidArtefactException if a file does not hold a model
     * @throws IOException if a file cannot be read or written
     */
    public Models models(TrainingPlan basePlan, FineTuningPlan modernPlan, FineTuningPlan livePlan)
            throws IOException, InvalidArtefactException {
        TrainedModel base = model(basePlan.name(), Optional.empty(), data.base(), basePlan.settings(), file -> {
            log.accept(data.base().toString());
            return basePlan.train(data.base(), file, progress);
        });
        TrainedModel modern = fineTuned(modernPlan, base.model(), data.modern(), List.of(data.base()));
        TrainedModel live = fineTuned(livePlan, modern.model(), data.live(), List.of(data.base(), data.modern()));
        return new Models(base, modern, live);
    }

    /** Trains a model that will be written to a file. */
    private interface Training {
        TrainedModel train(Path file) throws IOException;
    }

    private TrainedModel fineTuned(
            FineTuningPlan plan, ModelArtefact parent, TrainingData fresh, List<TrainingData> earlier)
            throws IOException, InvalidArtefactException {
        Map<String, List<Example>> earlierTests = new LinkedHashMap<>();
        earlier.forEach(set -> earlierTests.put(set.name(), set.split().test()));
        return model(plan.name(), Optional.of(parent), plan.withRehearsal(fresh, earlier), plan.settings(), file -> {
            earlier.forEach(set -> log.accept(set.toString()));
            log.accept(fresh.toString());
            return plan.train(parent, fresh, earlier, earlierTests, file, progress);
        });
    }

    private TrainedModel model(
            String name,
            Optional<ModelArtefact> parent,
            TrainingData trainingData,
            Map<String, Object> settings,
            Training training)
            throws IOException, InvalidArtefactException {
        Path file = file(models, name);
        boolean exists = Files.exists(file);
        log.accept(exists ? file + " exists: evaluating it" : "training " + name);
        TrainedModel model = exists ? TrainedModel.read(file, parent, trainingData, settings) : training.train(file);
        ModelReportFiles.write(model, reports.resolve(name));
        if (!exists) model.save(file);
        return model;
    }

    /**
     * Evaluates the models on all test sets, and fits a linear model for each.
     *
     * @param command command line that the report names
     */
    public BenchmarkReport compare(Models trained, String command) throws IOException {
        List<TrainedModel> all = List.of(trained.base, trained.modern, trained.live);
        List<LinearBaseline> linear = new ArrayList<>();
        for (TrainingData set : data.trainingData()) {
            log.accept("fitting a linear model of " + set.name());
            linear.add(LinearBaseline.fit(set.split()));
        }
        List<BenchmarkReport.TestSet> tests = new ArrayList<>();
        for (PaperDataSets.TestSet test : data.tests()) {
            log.accept("evaluating on " + test.name());
            Map<String, Evaluation> evaluations = new LinkedHashMap<>();
            for (TrainedModel model : all)
                evaluations.put(
                        model.report().name(),
                        Evaluation.of(TrainedModel.score(KernelScorer.of(model.model()), test.texts())));
            LinearBaseline baseline = linear.get(test.of());
            tests.add(new BenchmarkReport.TestSet(
                    test.name(),
                    all.get(test.of()).report().name(),
                    test.paper(),
                    baseline.evaluate(test.texts()),
                    baseline.seconds(),
                    evaluations));
        }
        List<BenchmarkReport.Model> rows = new ArrayList<>();
        for (TrainedModel model : all)
            rows.add(new BenchmarkReport.Model(
                    model.report().name(),
                    model.model().version(),
                    Files.size(file(models, model.report().name())),
                    model.report().data(),
                    model.report().training()));
        return new BenchmarkReport(command, rows, tests);
    }
}
