// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was read from a file.
 *
 * @param name of the data, for reports
 * @param rows how many rows the file holds, used or not
 * @param unlabeled texts of which the file says neither: a teacher can
 */
public record DataSet(String name, int rows, List<LabeledText> texts, List<String> unlabeled, DroppedRows dropped) {
    /** One that labels all its texts. */
    public DataSet(String name, int rows, List<LabeledText> texts, DroppedRows dropped) {
        this(name, rows, texts, List.of(), dropped);
    }

    /** Several files as one. */
    public static DataSet joined(List<DataSet> sets) {
        return new DataSet(
                sets.stream().map(DataSet::name).collect(Collectors.joining(", ")),
                sets.stream().mapToInt(DataSet::rows).sum(),
                sets.stream().flatMap(set -> set.texts().stream()).toList(),
                sets.stream().flatMap(set -> set.unlabeled().stream()).toList(),
                sets.stream().map(DataSet::dropped).reduce(DroppedRows.NONE, DroppedRows::and));
    }
}
