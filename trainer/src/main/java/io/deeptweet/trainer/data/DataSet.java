// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.artefact.ModelArtefact;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The texts of a file.
 *
 * @param name of the data set in reports
 * @param rows in the file, dropped ones included
 * @param texts with a label, in the order of the file
 * @param unlabeled texts whose label is not used
 * @param dropped rows that are not in {@code texts}
 */
public record DataSet(String name, int rows, List<LabeledText> texts, List<String> unlabeled, DroppedRows dropped) {
    /** A data set without unlabelled texts. */
    public DataSet(String name, int rows, List<LabeledText> texts, DroppedRows dropped) {
        this(name, rows, texts, List.of(), dropped);
    }

    /** The set as one of two classes: neutral texts are dropped, and have no label. */
    public DataSet withoutNeutral() {
        Map<Boolean, List<LabeledText>> byNeutral =
                texts.stream().collect(Collectors.partitioningBy(LabeledText::neutral));
        List<LabeledText> neutral = byNeutral.get(true);
        return new DataSet(
                name,
                rows,
                LabeledText.ofOneSet(name, byNeutral.get(false)),
                Stream.concat(unlabeled.stream(), neutral.stream().map(LabeledText::text))
                        .toList(),
                dropped.and(new DroppedRows(Map.of(DroppedRows.NEUTRAL, neutral.size()))));
    }

    /** The set with the classes of a model: without neutral texts if it has two. */
    public DataSet forModel(ModelArtefact model) {
        return model.weights().opinion().isPresent() ? this : withoutNeutral();
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
