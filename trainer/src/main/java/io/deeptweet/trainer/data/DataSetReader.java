// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.service.file.Delimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads texts from files, plain or compressed, in UTF-8 or, record by record, in ISO-8859-1. */
public final class DataSetReader {
    private static final JsonMapper JSON = new JsonMapper();
    /** An id, no label and a text. */
    private static final Pattern UNLABELED = Pattern.compile("[^\\t]*+\t-\t.*+");

    private DataSetReader() {}

    /**
     * The labelled texts of a file of known layout: Sentiment140's, TweetEval's (also {@code …_text.txt} with its
     * {@code …_labels.txt}), or a table whose header names a text and a label column.
     *
     * @throws IOException if it cannot be read
     * @throws DataException if its layout is unknown, or it has no labelled text
     */
    public static DataSet read(Path file) throws IOException {
        return TweetEvalFiles.isTexts(file) ? TweetEvalFiles.read(file) : read(file, layout(file));
    }

    /**
     * The labelled texts of a table.
     *
     * @throws IOException if it cannot be read
     * @throws DataException if it lacks the layout's columns, or has no labelled text
     */
    public static DataSet read(Path file, TableLayout layout) throws IOException {
        return LabeledTable.read(file, layout, Optional.empty()).set();
    }

    /**
     * The labelled texts of a file with the ids of their tweets.
     *
     * @param layout of the file; empty to read it as {@link #read(Path)} does
     * @param idColumn of the ids, as a layout names columns; empty for the one of Sentiment140 and TweetEval, or the
     *     one that a header calls id, tweet_id or textID
     * @throws IOException as {@link #read(Path, TableLayout)}
     * @throws DataException as {@link #read(Path, TableLayout)}
     */
    public static DataSetWithIds readWithIds(Path file, Optional<TableLayout> layout, Optional<String> idColumn)
            throws IOException {
        if (layout.isEmpty() && TweetEvalFiles.isTexts(file)) {
            DataSet set = TweetEvalFiles.read(file);
            return new DataSetWithIds(set, Collections.nCopies(set.texts().size(), Optional.empty()));
        }
        return LabeledTable.read(file, layout.isPresent() ? layout.get() : layout(file), idColumn);
    }

    /**
     * The texts of a file without their labels: of a table of known layout, of a table of {@code id, -, text} between
     * tabs, of JSON Lines in the shape of the X API ({@code data.text} or {@code text}, without texts whose
     * {@code lang} is not {@code en}), or one text in each line.
     *
     * @throws IOException if it cannot be read
     * @throws DataException if its first line is JSON and a later one is not
     */
    public static List<String> unlabeled(Path file) throws IOException {
        String first = TextRecords.firstLine(file);
        boolean json = first.startsWith("{");
        Optional<TableLayout> layout = json ? Optional.empty() : TableLayout.ofFirstLine(file, first);
        if (layout.isPresent()) {
            return read(file, layout.get()).texts().stream()
                    .map(LabeledText::text)
                    .toList();
        }
        boolean table = UNLABELED.matcher(first).matches();
        List<String> texts = new ArrayList<>();
        try (TextRecords lines = TextRecords.lines(file)) {
            int number = 0;
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                number++;
                if (table) textOfTable(line.get()).ifPresent(texts::add);
                else if (!json) texts.add(line.get());
                else if (!line.get().isBlank()) text(file, number, line.get()).ifPresent(texts::add);
            }
        }
        return texts;
    }

    /** What follows the second tab. */
    private static Optional<String> textOfTable(String line) {
        String[] fields = line.split("\t", 3);
        return fields.length < 3 ? Optional.empty() : Optional.of(fields[2]);
    }

    private static Optional<String> text(Path file, int number, String line) {
        JsonNode root;
        try {
            root = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new DataException(file + ", line " + number + ", is not JSON: " + e.getOriginalMessage());
        }
        JsonNode tweet = root.has("data") ? root.get("data") : root;
        return tweet.path("lang").asText("en").equals("en")
                ? Optional.ofNullable(tweet.path("text").textValue())
                : Optional.empty();
    }

    /** The delimiter of a table, by its name or its first line. */
    public static Delimiter delimiter(Path file) throws IOException {
        return Delimiter.of(file, TextRecords.firstLine(file));
    }

    /**
     * The layout of a table, by its first line.
     *
     * @throws DataException if it is unknown
     */
    public static TableLayout layout(Path file) throws IOException {
        return TableLayout.ofFirstLine(file, TextRecords.firstLine(file))
                .orElseThrow(() -> new DataException(file
                        + " has an unknown layout: its first line is not Sentiment140's, TweetEval's, or a header with"
                        + " a text and a label column; name the columns with --text-column and --label-column"));
    }
}
