// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.trainer.benchmark.BenchmarkReport;
import io.deeptweet.trainer.benchmark.PaperBenchmark;
import io.deeptweet.trainer.benchmark.PaperDataSets;
import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.plan.FineTuningPlan;
import io.deeptweet.trainer.plan.TrainingPlan;
import io.deeptweet.trainer.report.Charts;
import io.deeptweet.trainer.report.ExplorationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmark}: the paper's three models, trained and compared. */
@Command(
        name = "benchmark",
        description = {
            "Trains the paper's three models and compares them.",
            "",
            "v1-base is trained on Sentiment140, v2-modern is fine-tuned from it on TweetEval's and Kaggle's tweets,"
                    + " and v3-live from that on recent tweets, each with rehearsal of the earlier texts. All are"
                    + " evaluated"
                    + " on every test set, beside the paper's figures and a linear model of the same texts.",
            "",
            "Writes benchmark.md, benchmark.html, benchmark.png and benchmark.json, a folder with a report for each"
                    + " model, and an exploration of the data. Models that exist are evaluated, not trained again;"
                    + " after an interruption, the same command resumes."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet benchmark --data data --out trainer/reports",
            "  deeptweet benchmark --data data --out quick --models quick --limit 5000"
        })
final class BenchmarkCommand implements Callable<Integer> {
    private static final String BASE = "v1-base";
    private static final String MODERN = "v2-modern";
    private static final String LIVE = "v3-live";

    @Spec
    private CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the data: sentiment140/training.csv.gz, tweeteval/train.tsv.gz,"
                    + " tweeteval/val_text.txt and val_labels.txt, kaggle-tweets/Tweets.csv.gz and"
                    + " recent/world-cup-2022.csv.gz.")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write the reports to; it is created if it is missing.")
    private Path out;

    @Option(
            names = "--models",
            defaultValue = "models",
            paramLabel = "DIR",
            description = "Folder of the models, v1-base.safetensors, v2-modern.safetensors and v3-live.safetensors;"
                    + " it is created if it is missing (default: ${DEFAULT-VALUE}).")
    private Path models;

    @Option(
            names = "--plans",
            defaultValue = "trainer/plans",
            paramLabel = "DIR",
            description = "Folder of the plans, v1-base, v2-modern and v3-live: files with options of train and of"
                    + " fine-tune (default: ${DEFAULT-VALUE}).")
    private Path plans;

    @Option(
            names = "--neutral-is-negative",
            description = "Counts Kaggle's neutral tweets as negative, as the paper does, instead of leaving them out.")
    private boolean neutralIsNegative;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Seed of the splits and the trainings (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--limit",
            defaultValue = "0",
            paramLabel = "N",
            description = "Texts to use of each data set, drawn at random, or 0 for all (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException, InvalidArtefactException {
        Options.atLeast("--limit", 0, limit);
        InputFiles.folder(data);
        InputFiles.folder(plans);
        TrainingPlan base = plan(BASE, new TrainingPlanOptions(), TrainingPlanOptions::plan);
        FineTuningPlan modern = plan(MODERN, new FineTuningPlanOptions(), FineTuningPlanOptions::plan);
        FineTuningPlan live = plan(LIVE, new FineTuningPlanOptions(), FineTuningPlanOptions::plan);
        OutputPaths.folder(out);
        OutputPaths.folder(models);

        PrintWriter terminal = command.commandLine().getOut();
        PaperDataSets sets = PaperDataSets.read(
                data,
                base.architecture().pipeline(),
                base.architecture().maximumLength(),
                limit,
                neutralIsNegative,
                seed);
        PaperBenchmark benchmark = new PaperBenchmark(sets, models, out, TerminalProgress.on(terminal), this::log);
        PaperBenchmark.Models trained = benchmark.models(base, modern, live);
        BenchmarkReport report = benchmark.compare(trained, commandLine());
        ExplorationReport exploration =
                ExplorationReport.of(sets.sets(), trained.base().model(), this::log);
        OutputPaths.write(out, () -> {
            exploration.write(out.resolve("exploration"));
            write(report);
        });
        terminal.println(report.toMarkdown());
        terminal.println("written to " + out.resolve("benchmark.md") + ", .html, .png and .json");
        terminal.flush();
        return 0;
    }

    private void write(BenchmarkReport report) throws IOException {
        Charts.accuracies(report.accuracies(), out.resolve("benchmark.png"));
        Files.writeString(out.resolve("benchmark.json"), ReportJson.pretty(report));
        Files.writeString(out.resolve("benchmark.html"), report.toHtml());
        Files.writeString(out.resolve("benchmark.md"), report.toMarkdown());
    }

    /** A plan of a file with options, one or several a line. */
    private <O, P> P plan(String name, O options, Function<O, P> plan) {
        Path file = InputFiles.readable(plans.resolve(name));
        try {
            new CommandLine(options).parseArgs("@" + file, "--name", name, "--seed", Long.toString(seed));
            return plan.apply(options);
        } catch (ParameterException | CommandFailedException e) {
            throw CommandFailedException.usage(file + ": " + e.getMessage());
        }
    }

    /** The command line that the report names, with nobody's folders in it. */
    private String commandLine() {
        return "deeptweet benchmark --data DIR --out DIR" + (seed == 1 ? "" : " --seed " + seed)
                + (limit == 0 ? "" : " --limit " + limit) + (neutralIsNegative ? " --neutral-is-negative" : "");
    }

    private void log(String line) {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }
}
