// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.EvaluationTable;
import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.evaluate.ScoredText;
import io.deeptweet.trainer.report.Charts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good a model is on labelled texts. */
@Command(
        name = "evaluate",
        description = {
            "Measures a model on labelled texts.",
            "",
            "It scores every text of the files; a model of two classes leaves neutral texts out. In files without"
                    + " neutral texts, a model of three classes chooses between negative and positive. Texts that"
                    + " the model was trained on give better figures than new ones."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet evaluate --data tweets.csv",
            "  deeptweet evaluate --model models/my-model.safetensors \\",
            "      --data a.csv b.tsv.gz --json result.json --charts pictures",
            "  deeptweet evaluate --model my-model-0123abcd --data x.csv \\",
            "      --text-column tweet --label-column mood \\",
            "      --negative sad,angry --positive glad"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(names = "--json", paramLabel = "FILE", description = "File to write the figures to, as JSON.")
    private Optional<Path> json;

    @Option(
            names = "--charts",
            paramLabel = "DIR",
            description = "Folder to write confusion.png and precision-recall.png to.")
    private Optional<Path> charts;

    @Option(
            names = "--mistakes",
            defaultValue = "5",
            paramLabel = "N",
            description = "Most confident mistakes to print, 0 or more (default: ${DEFAULT-VALUE}).")
    private int mistakes;

    /**
     * What {@code --json} writes.
     *
     * @param dropped texts that were not scored, by reason
     */
    private record Result(
            String model,
            List<String> data,
            Map<String, Integer> dropped,
            Evaluation evaluation,
            List<Mistake> mistakes) {}

    /** @param probability of the predicted class, in [0, 1] */
    private record Mistake(String text, String label, String predicted, float probability) {
        static Mistake of(ScoredText mistake) {
            return new Mistake(
                    mistake.text().text(),
                    mistake.text().label().label(),
                    mistake.predicted().label(),
                    mistake.probability(mistake.predicted()));
        }
    }

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        Options.atLeast("--mistakes", 0, mistakes);
        data.check();
        json.ifPresent(OutputPaths::file);
        charts.ifPresent(OutputPaths::folder);
        ModelArtefact artefact = model.read();
        List<DataSet> sets =
                data.read().stream().map(set -> set.forModel(artefact)).toList();
        List<LabeledText> texts = DataSet.joined(sets).texts();
        if (texts.isEmpty())
            throw CommandFailedException.failed("the files have neutral texts only, and " + artefact.version()
                    + " has two classes: use other texts, or a model of three classes");
        List<ScoredText> scored = score(KernelScorer.of(artefact), texts);
        Evaluation evaluation = Evaluation.of(scored);
        List<Mistake> worst =
                ScoredText.mistakes(scored, mistakes).stream().map(Mistake::of).toList();
        print(artefact, sets, evaluation, worst);
        if (json.isPresent())
            writeJson(
                    json.get(),
                    new Result(
                            artefact.version(),
                            sets.stream().map(DataSet::name).toList(),
                            dropped(sets),
                            evaluation,
                            worst));
        if (charts.isPresent()) writeCharts(charts.get(), evaluation, scored);
        return 0;
    }

    private List<ScoredText> score(KernelScorer scorer, List<LabeledText> texts) {
        TerminalProgress progress = TerminalProgress.on(command.commandLine().getOut());
        List<ScoredText> scored = new ArrayList<>(texts.size());
        for (LabeledText text : texts) {
            scored.add(ScoredText.of(scorer, text));
            progress.scored(scored.size(), texts.size());
        }
        return scored;
    }

    private void print(ModelArtefact artefact, List<DataSet> sets, Evaluation evaluation, List<Mistake> worst) {
        PrintWriter terminal = command.commandLine().getOut();
        for (DataSet set : sets)
            terminal.printf(
                    Locale.ROOT,
                    "%s on %s: %,d rows, dropped %s%n",
                    artefact.version(),
                    set.name(),
                    set.rows(),
                    set.dropped());
        terminal.print(EvaluationTable.of(Map.of("", evaluation)));
        evaluation
                .confusion()
                .forEach((label, predicted) -> terminal.println(label + ": "
                        + predicted.entrySet().stream()
                                .map(entry -> String.format(
                                        Locale.ROOT, "%,d classified as %s", entry.getValue(), entry.getKey()))
                                .collect(Collectors.joining(", "))));
        if (!worst.isEmpty()) terminal.println("the most confident mistakes:");
        for (Mistake mistake : worst)
            terminal.printf(
                    Locale.ROOT,
                    "  %s %.3f is %s: %s%n",
                    mistake.predicted(),
                    mistake.probability(),
                    mistake.label(),
                    UntrustedText.oneLine(mistake.text()));
        terminal.flush();
    }

    private static Map<String, Integer> dropped(List<DataSet> sets) {
        Map<String, Integer> dropped = new LinkedHashMap<>();
        for (DataSet set : sets)
            set.dropped().byReason().forEach((reason, count) -> dropped.merge(reason, count, Integer::sum));
        return dropped;
    }

    private static void writeJson(Path file, Result result) {
        OutputPaths.write(file, () -> Files.writeString(file, ReportJson.pretty(result)));
    }

    private static void writeCharts(Path folder, Evaluation evaluation, List<ScoredText> scored) {
        OutputPaths.write(folder, () -> {
            Charts.confusion(evaluation.confusion(), folder.resolve("confusion.png"));
            Charts.precisionRecall(scored, folder.resolve("precision-recall.png"));
        });
    }
}
