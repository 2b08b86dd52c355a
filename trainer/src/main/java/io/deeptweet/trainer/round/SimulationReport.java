// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.report.Charts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A simulation of rounds, as Markdown, JSON and a picture.
 *
 * @param fed name of the data that was fed
 * @param learned names of the data sets that the first model was trained on
 * @param measured how many texts measured the model
 * @param guard how many texts were in the guard set
 * @param rounds in their order, the first model as round 0
 */
public record SimulationReport(String fed, List<String> learned, int measured, int guard, List<SimulatedRound> rounds) {
    public SimulationReport {
        learned = List.copyOf(learned);
        rounds = List.copyOf(rounds);
    }

    /** Writes {@code rounds.md}, {@code rounds.json} and {@code rounds.png} to a folder that exists. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("rounds.json"), ReportJson.pretty(rounds));
        Files.writeString(folder.resolve("rounds.md"), toMarkdown());
        Charts.rounds(
                rounds.stream().map(SimulatedRound::labels).toList(),
                rounds.stream().map(SimulatedRound::accuracy).toList(),
                rounds.stream().map(SimulatedRound::guard).toList(),
                folder.resolve("rounds.png"));
    }

    private String toMarkdown() {
        StringBuilder page = new StringBuilder("# Simulated fine-tuning rounds\n\n");
        page.append(String.format(
                Locale.ROOT,
                "Labels of %s, fed in their order to %s. Accuracy: of the active model on %,d of these texts that"
                        + " were never fed. Guard: its accuracy on %,d texts of %s that the first model was tested"
                        + " on.%n%n",
                fed,
                rounds.get(0).active(),
                measured,
                guard,
                String.join(", ", learned)));
        page.append("![Rounds](rounds.png)\n\n");
        page.append("| round | labels so far | accuracy | guard | published | seconds | bytes sent |\n");
        page.append("|---:|---:|---:|---:|:---|---:|---:|\n");
        for (SimulatedRound round : rounds)
            page.append(String.format(
                    Locale.ROOT,
                    "| %d | %,d | %.4f | %.4f | %s | %.1f | %,d |%n",
                    round.round(),
                    round.labels(),
                    round.accuracy(),
                    round.guard(),
                    round.round() == 0 ? "the first model" : round.published() ? "yes" : "no",
                    round.seconds(),
                    round.bytes()));
        page.append('\n');
        for (SimulatedRound round : rounds.subList(1, rounds.size()))
            page.append(String.format(
                    "- Round %d %s: %s.%n",
                    round.round(), round.published() ? "published" : "withheld", round.because()));
        return page.toString();
    }
}
