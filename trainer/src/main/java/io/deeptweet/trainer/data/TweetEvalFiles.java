// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TweetEval as it is published: {@code …_text.txt} with a text in each line, {@code …_labels.txt} with a label. */
final class TweetEvalFiles {
    private static final String TEXTS = "_text.txt";
    private static final String LABELS = "_labels.txt";

    private TweetEvalFiles() {}

    /** Whether the file's name is that of such texts. */
    static boolean isTexts(Path file) {
        return file.getFileName().toString().endsWith(TEXTS);
    }

    /**
     * Reads the texts with the labels of the file beside them.
     *
     * @throws IOException if a file cannot be read
     * @throws DataException if the labels are missing, or are not as many as the texts
     */
    static DataSet read(Path file) throws IOException {
        String name = file.getFileName().toString();
        Path labels = file.resolveSibling(name.substring(0, name.length() - TEXTS.length()) + LABELS);
        if (!Files.exists(labels))
            throw new DataException(file + " has no labels: put " + labels.getFileName() + " beside it");
        List<LabeledText> texts = new ArrayList<>();
        Map<String, Integer> dropped = new LinkedHashMap<>();
        int rows = 0;
        try (TextRecords textLines = TextRecords.lines(file);
                TextRecords labelLines = TextRecords.lines(labels)) {
            for (Optional<String> text = textLines.next(), label = labelLines.next();
                    text.isPresent() || label.isPresent();
                    text = textLines.next(), label = labelLines.next()) {
                rows++;
                if (text.isEmpty() || label.isEmpty())
                    throw new DataException(file + " and " + labels.getFileName()
                            + " must have the same number of lines, but one of them has no line " + rows);
                Optional<SentimentClass> sentiment =
                        TableLayout.TWEETEVAL.sentiment(label.get().strip());
                if (sentiment.isEmpty()) dropped.merge(DroppedRows.OTHER_LABEL, 1, Integer::sum);
                else if (text.get().isBlank()) dropped.merge(DroppedRows.NO_TEXT, 1, Integer::sum);
                else texts.add(new LabeledText(LabeledTable.unescaped(text.get()), sentiment.get()));
            }
        }
        if (texts.isEmpty())
            throw new DataException(labels + " has no label 0 (negative), 1 (neutral) or 2 (positive)");
        return new DataSet(name, rows, LabeledText.ofOneSet(name, texts), new DroppedRows(dropped));
    }
}
