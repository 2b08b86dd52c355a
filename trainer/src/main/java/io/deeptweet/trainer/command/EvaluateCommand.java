// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good a model is on labelled texts. */
@Command(
        name = "evaluate",
        description =
                "Measures a model on every labelled text of some files. What the model was trained on flatters it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  evaluate --data tweets.csv",
            "  evaluate --model models/mine.safetensors --data a.csv b.tsv.gz --json result.json --charts pictures",
            "  evaluate --model v3-live-4f3a045a --data other.csv --text-column tweet --label-column mood --negative sad,angry --positive glad",
            "",
            "Exit codes: 0 measured, 1 not, 2 wrong usage."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private Optional<Path> json;

    @Option(names = "--charts", paramLabel = "DIR", description = "Write confusion.png and precision-recall.png.")
    private Optional<Path> charts;

    @Option(
            names = "--mistakes",
            defaultValue = "5",
            paramLabel = "N",
            description = "Show so many mistakes, the most confident ones (default: ${DEFAULT-VALUE}).")
    private int mistakes;

    /**
     * What {@code --json} writes.
     *
     * @param dropped texts that were not measured, by the reason why
     */
    private record Result(
            String model,
            List<String> data,
            Map<String, Integer> dropped,
            Evaluation evaluation,
            List<Mistake> mistakes) {}

    private record Mistake(String text, String label, float probability) {}

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        PrintWriter terminal = command.commandLine().getOut();
        ModelArtefact artefact = model.read();
        KernelScorer scorer = KernelScorer.of(artefact);
        List<DataSet> sets = data.read();
        List<LabeledText> texts = DataSet.joined(sets).texts();
        TerminalProgress progress = TerminalProgress.on(terminal);
        List<ScoredText> scored = new ArrayList<>(texts.size());
        for (LabeledText text : texts) {
            scored.add(ScoredText.of(scorer, text));
            progress.scored(scored.size(), texts.size());
        }
        Evaluation evaluation = Evaluation.of(scored);
        List<Mistake> worst = ScoredText.mistakes(scored, mistakes).stream()
                .map(mistake -> new Mistake(
                        mistake.text().text(),
                        mistake.text().positive() ? "positive" : "negative",
                        mistake.probability()))
                .toList();
        for (DataSet set : sets)
            terminal.printf(
                    "%s on %s: %,d rows, dropped %s%n", artefact.version(), set.name(), set.rows(), set.dropped());
        terminal.print(EvaluationTable.of(Map.of("", evaluation)));
        Evaluation.Confusion confusion = evaluation.confusion();
        terminal.printf(
                "negative: %,d called negative, %,d positive%n",
                confusion.negativeAsNegative(), confusion.negativeAsPositive());
        terminal.printf(
                "positive: %,d called negative, %,d positive%n",
                confusion.positiveAsNegative(), confusion.positiveAsPositive());
        if (!worst.isEmpty()) terminal.println("the most confident mistakes:");
        for (Mistake mistake : worst)
            terminal.printf("  %.3f is %s: %s%n", mistake.probability(), mistake.label(), harmless(mistake.text()));
        terminal.flush();

        if (json.isPresent()) {
            Map<String, Integer> dropped = new LinkedHashMap<>();
            sets.forEach(set ->
                    set.dropped().byReason().forEach((reason, count) -> dropped.merge(reason, count, Integer::sum)));
            Files.writeString(
                    json.get(),
                    ReportJson.pretty(new Result(
                            artefact.version(),
                            sets.stream().map(DataSet::name).toList(),
                            dropped,
                            evaluation,
                            worst)));
        }
        if (charts.isPresent()) {
            Files.createDirectories(charts.get());
            Charts.confusion(confusion, charts.get().resolve("confusion.png"));
            Charts.precisionRecall(scored, charts.get().resolve("precision-recall.png"));
        }
        return 0;
    }

    /** On one line, and without what would move a terminal's cursor or turn its writing round. */
    static String harmless(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
    }
}
