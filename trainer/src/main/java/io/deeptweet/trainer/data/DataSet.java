// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The texts of a file.
 *
 * @param name of the data set in reports
 * @param rows in the file, dropped ones included
 * @param texts with a label, in the order of the file
 * @param unlabeled texts that the file labels neither positive nor negative, such as neutral ones
 * @param dropped rows that are not in {@code texts}
 */
public record DataSet(String name, int rows, List<LabeledText> texts, List<String> unlabeled, DroppedRows dropped) {
    /** A data set without unlabelled texts. */
    public DataSet(String name, int rows, List<LabeledText> texts, DroppedRows dropped) {
        this(name, rows, texts, List.of(), dropped);
    }

    /** Several data sets as one. */
    public static DataSet joined(List<DataSet> sets) {
        return new DataSet(
                sets.stream().map(DataSet::name).collect(Collectors.joining(", ")),
                sets.stream().mapToInt(DataSet::rows).sum(),
                sets.stream().flatMap(set -> set.texts().stream()).toList(),
                sets.stream().flatMap(set -> set.unlabeled().stream()).toList(),
                sets.stream().map(DataSet::dropped).reduce(DroppedRows.NONE, DroppedRows::and));
    }
}
