// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.benchmark.BenchmarkReport;
import io.deeptweet.trainer.benchmark.LinearBaseline;
import io.deeptweet.trainer.benchmark.PaperDataSets;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.report.Charts;
import io.deeptweet.trainer.report.ExplorationReport;
import io.deeptweet.trainer.report.ModelReportFiles;
import io.deeptweet.trainer.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmark}: the paper's three models, made and measured. */
@Command(
        name = "benchmark",
        description = {
            "Makes the paper's three models and measures each on the test texts of all:",
            "v1-base from Sentiment140, v2-modern from it on TweetEval's and Kaggle's tweets, v3-live from that on recent tweets, each rehearsing what the ones before learned.",
            "Beside them stand the paper's figures and those of a linear model of the same texts.",
            "",
            "Writes benchmark.md, benchmark.html, benchmark.png and benchmark.json, a folder with a report for each model, and an exploration of the data. Interrupted, the same command goes on; what is made already is measured and not made anew."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {
            "",
            "Examples:",
            "  benchmark --data data --out trainer/reports",
            "  benchmark --data data --out quick --models quick --limit 5000",
            "",
            "Exit codes: 0 the reports were written, 1 they were not, 2 wrong usage."
        })
final class BenchmarkCommand implements Callable<Integer> {
    private static final String BASE = "v1-base";
    private static final String MODERN = "v2-modern";
    private static final String LIVE = "v3-live";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description =
                    "Holds sentiment140/training.csv.gz, tweeteval/train.tsv.gz, tweeteval/val_text.txt and val_labels.txt, kaggle-tweets/Tweets.csv.gz and recent/world-cup-2022.csv.gz.")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where to write the reports; created if missing.")
    private Path out;

    @Option(
            names = "--models",
            defaultValue = "models",
            paramLabel = "DIR",
            description =
                    "Where the models are, or will be: v1-base.safetensors, v2-modern.safetensors, v3-live.safetensors.")
    private Path models;

    @Option(
            names = "--plans",
            defaultValue = "trainer/plans",
            paramLabel = "DIR",
            description =
                    "How to make them: the files v1-base, v2-modern and v3-live with options of train and of fine-tune.")
    private Path plans;

    @Option(
            names = "--neutral-is-negative",
            description = "Count Kaggle's neutral tweets as negative, as the paper does, rather than leave them out.")
    private boolean neutralIsNegative;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Of the splits and the trainings.")
    private long seed;

    @Option(
            names = "--limit",
            defaultValue = "0",
            paramLabel = "N",
            description = "Use so many texts of each data set, drawn at random, for a quick look; 0 uses all.")
    private int limit;

    /** What makes a model where there is none. */
    private interface Making {
        TrainedModel make() throws IOException;
    }

    @Override
    public Integer call() throws IOException, InvalidArtefactException {
        if (limit < 0)
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + ": 0 or more is needed");
        TrainCommand first = planned(BASE, new TrainCommand(), TrainCommand::settings);
        FineTuneCommand second = planned(MODERN, new FineTuneCommand(), FineTuneCommand::settings);
        FineTuneCommand third = planned(LIVE, new FineTuneCommand(), FineTuneCommand::settings);
        Files.createDirectories(out);
        Files.createDirectories(models);
        PrintWriter terminal = spec.commandLine().getOut();
        PaperDataSets paper =
                PaperDataSets.read(data, first.pipeline(), first.maximumLength(), limit, neutralIsNegative, seed);
        TrainedModel base =
                made(BASE, Optional.empty(), paper.base(), first.settings(), () -> first.made(paper.base(), terminal));
        TrainedModel modern = fineTuned(MODERN, second, base.model(), paper.modern(), List.of(paper.base()));
        TrainedModel live = fineTuned(LIVE, third, modern.model(), paper.live(), List.of(paper.base(), paper.modern()));
        BenchmarkReport comparison = compared(paper, List.of(base, modern, live));
        ExplorationReport.of(paper.sets(), base.model(), this::say).write(out.resolve("exploration"));
        Charts.accuracies(comparison.accuracies(), out.resolve("benchmark.png"));
        Files.writeString(out.resolve("benchmark.json"), ReportJson.pretty(comparison));
        Files.writeString(out.resolve("benchmark.html"), comparison.toHtml());
        Files.writeString(out.resolve("benchmark.md"), comparison.toMarkdown());
        terminal.println(comparison.toMarkdown());
        terminal.println("written to " + out.resolve("benchmark.md") + ", .html, .png and .json");
        terminal.flush();
        return 0;
    }

    /** That command with its plan's options; of its own --data, which it requires, nothing is read. */
    private <T> T planned(String name, T command, Function<T, Map<String, Object>> settings) throws IOException {
        Path plan = plans.resolve(name);
        if (!Files.exists(plan)) throw new NoSuchFileException(plan.toString());
        try {
            new CommandLine(command)
                    .parseArgs(
                            "@" + plan,
                            "--data",
                            data.toString(),
                            "--out",
                            file(name).toString(),
                            "--name",
                            name,
                            "--seed",
                            Long.toString(seed));
            // Checks the values, which parsing does not.
            var unused = settings.apply(command);
        } catch (ParameterException e) {
            throw new ParameterException(spec.commandLine(), plan + ": " + e.getMessage());
        }
        return command;
    }

    private TrainedModel fineTuned(
            String name, FineTuneCommand command, ModelArtefact parent, TrainingData fresh, List<TrainingData> earlier)
            throws IOException, InvalidArtefactException {
        Map<String, List<Example>> before = new LinkedHashMap<>();
        earlier.forEach(material -> before.put(material.name(), material.split().test()));
        PrintWriter terminal = spec.commandLine().getOut();
        return made(
                name,
                Optional.of(parent),
                command.material(fresh, earlier),
                command.settings(),
                () -> command.made(parent, fresh, earlier, before, terminal));
    }

    private TrainedModel made(
            String name,
            Optional<ModelArtefact> parent,
            TrainingData material,
            Map<String, Object> settings,
            Making making)
            throws IOException, InvalidArtefactException {
        boolean exists = Files.exists(file(name));
        say(exists ? name + " is made already" : "making " + name);
        TrainedModel made = exists ? TrainedModel.read(file(name), parent, material, settings) : making.make();
        ModelReportFiles.write(made, out.resolve(name));
        if (!exists) made.save(file(name));
        return made;
    }

    private Path file(String name) {
        return models.resolve(name + ".safetensors");
    }

    private BenchmarkReport compared(PaperDataSets paper, List<TrainedModel> made) throws IOException {
        List<LinearBaseline> linear = new ArrayList<>();
        for (TrainingData material : paper.trainingData()) {
            say("fitting a linear model of " + material.name());
            linear.add(LinearBaseline.fit(material.split()));
        }
        List<BenchmarkReport.TestSet> tests = new ArrayList<>();
        for (PaperDataSets.TestSet test : paper.tests()) {
            say("measuring on " + test.name());
            Map<String, Evaluation> evaluations = new LinkedHashMap<>();
            for (TrainedModel model : made)
                evaluations.put(
                        model.report().name(),
                        Evaluation.of(TrainedModel.score(KernelScorer.of(model.model()), test.texts())));
            LinearBaseline baseline = linear.get(test.of());
            tests.add(new BenchmarkReport.TestSet(
                    test.name(),
                    made.get(test.of()).report().name(),
                    test.paper(),
                    baseline.evaluate(test.texts()),
                    baseline.seconds(),
                    evaluations));
        }
        List<BenchmarkReport.Model> models = new ArrayList<>();
        for (TrainedModel model : made)
            models.add(new BenchmarkReport.Model(
                    model.report().name(),
                    model.model().version(),
                    Files.size(file(model.report().name())),
                    model.report().data(),
                    model.report().training()));
        return new BenchmarkReport(command(), models, tests);
    }

    /** Without anybody's folders. */
    private String command() {
        return "deeptweet benchmark --data DIR --out DIR" + (seed == 1 ? "" : " --seed " + seed)
                + (limit == 0 ? "" : " --limit " + limit) + (neutralIsNegative ? " --neutral-is-negative" : "");
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
