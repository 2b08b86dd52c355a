// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import java.util.Locale;
import java.util.Map;

/** Evaluations side by side, as a Markdown table whose columns line up on a terminal too. */
public final class EvaluationTable {
    private static final int NAME_WIDTH = 24;
    private static final int VALUE_WIDTH = 10;

    private EvaluationTable() {}

    /**
     * The table, with a row for each {@link Metric} that one of the evaluations has.
     *
     * @param evaluations by the columns' names, in the order of the columns
     */
    public static String of(Map<String, Evaluation> evaluations) {
        StringBuilder table = new StringBuilder();
        table.append("| ").append(" ".repeat(NAME_WIDTH)).append(" |");
        evaluations.keySet().forEach(name -> table.append(padded(name, name)));
        table.append("\n|").append("-".repeat(NAME_WIDTH + 2)).append('|');
        evaluations
                .keySet()
                .forEach(name -> table.append("-".repeat(width(name) + 1)).append(":|"));
        table.append('\n');
        for (Metric metric : Metric.values()) {
            if (evaluations.values().stream().mapToDouble(metric::of).allMatch(Double::isNaN)) continue;
            table.append(String.format(Locale.ROOT, "| %-" + NAME_WIDTH + "s |", metric.label()));
            evaluations.forEach((name, evaluation) -> table.append(padded(name, metric.format(metric.of(evaluation)))));
            table.append('\n');
        }
        return table.toString();
    }

    private static int width(String name) {
        return Math.max(VALUE_WIDTH, name.length());
    }

    private static String padded(String name, String cell) {
        return String.format(Locale.ROOT, " %" + width(name) + "s |", cell);
    }
}
