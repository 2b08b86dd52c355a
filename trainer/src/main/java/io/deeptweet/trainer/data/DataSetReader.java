// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads labelled texts from tables, plain or gzip, in UTF-8 or, line by line where that is none, in ISO-8859-1. */
public final class DataSetReader {
    private static final String TEXTS = "_text.txt";
    private static final String LABELS = "_labels.txt";
    /** A quote that stays open for longer is a stray one: it costs its row, not the rest of the file. */
    private static final int MOST_LINES = 100;

    private static final int LABELS_SHOWN = 8;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> ID_NAMES = Set.of("id", "tweet_id", "textid");
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private final Path file;
    private final TableLayout layout;
    private final Lines lines;
    private final Deque<String> pending = new ArrayDeque<>();

    private DataSetReader(Path file, TableLayout layout, Lines lines) {
        this.file = file;
        this.layout = layout;
        this.lines = lines;
    }

    /**
     * The texts of a file whose layout its name or its first line tells: Sentiment140's, TweetEval's
     * ({@code …_text.txt} with its {@code …_labels.txt} beside it too), or a header that names a text and a label.
     *
     * @throws IOException if it can't be read
     * @throws DataException if it tells no layout, or holds no labelled text
     */
    public static DataSet read(Path file) throws IOException {
        if (file.getFileName().toString().endsWith(TEXTS)) return published(file);
        return read(file, layout(file));
    }

    /**
     * The texts of a file, whatever their labels say: of a table whose layout {@link #layout} tells, of JSON Lines in
     * the shape of the X API ({@code data.text} or {@code text}; those whose {@code lang} is another than English are
     * left out), or one a line.
     *
     * @throws IOException if it can't be read
     * @throws DataException if its first line is JSON and a later one is none
     */
    public static List<String> unlabeled(Path file) throws IOException {
        Optional<TableLayout> layout;
        boolean json;
        try (Lines lines = Lines.of(file)) {
            String first = lines.next().orElse("");
            json = first.startsWith("{");
            layout = json ? Optional.empty() : TableLayout.ofFirstLine(first);
        }
        if (layout.isPresent()) {
            DataSet set = read(file, layout.get());
            return Stream.concat(set.texts().stream().map(LabeledText::text), set.unlabeled().stream())
                    .toList();
        }
        List<String> texts = new ArrayList<>();
        try (Lines lines = Lines.of(file)) {
            int number = 0;
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                number++;
                if (!json) texts.add(line.get());
                else if (!line.get().isBlank()) text(file, number, line.get()).ifPresent(texts::add);
            }
        }
        return texts;
    }

    private static Optional<String> text(Path file, int number, String line) {
        JsonNode root;
        try {
            root = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new DataException(file + ", line " + number + ", is no JSON: " + e.getOriginalMessage());
        }
        JsonNode tweet = root.has("data") ? root.get("data") : root;
        return tweet.path("lang").asText("en").equals("en")
                ? Optional.ofNullable(tweet.path("text").textValue())
                : Optional.empty();
    }

    /** What separates a file's columns, by its first line: a tab if there is one, else a comma, else a semicolon. */
    public static char delimiter(Path file) throws IOException {
        try (Lines lines = Lines.of(file)) {
            return TableLayout.delimiter(lines.next().orElse(""));
        }
    }

    /** The layout that a file's first line tells. */
    public static TableLayout layout(Path file) throws IOException {
        try (Lines lines = Lines.of(file)) {
            return lines.next()
                    .flatMap(TableLayout::ofFirstLine)
                    .orElseThrow(
                            () -> new DataException(
                                    file
                                            + " tells no layout: its first line is neither Sentiment140's, TweetEval's nor a header with a text and a label; name the columns with --text-column and --label-column"));
        }
    }

    /**
     * The texts of a file of this layout.
     *
     * @throws IOException if it can't be read
     * @throws DataException if it has not the layout's columns, or holds no labelled text
     */
    public static DataSet read(Path file, TableLayout layout) throws IOException {
        try (Lines lines = Lines.of(file)) {
            return new DataSetReader(file, layout, lines).read(Optional.empty(), id -> {});
        }
    }

    /**
     * Texts with the ids of their tweets.
     *
     * @param ids one for each text; empty where the table has none
     */
    public record DataSetWithIds(DataSet set, List<Optional<String>> ids) {}

    /**
     * The texts of a file with the ids of their tweets.
     *
     * @param layout empty to read the file as {@link #read(Path)} does
     * @param idColumn the ids' column, as a layout names columns; empty for the one where Sentiment140 and TweetEval
     *     have them, or the one that a header calls id, tweet_id or textID
     * @throws IOException as {@link #read(Path, TableLayout)}
     * @throws DataException likewise
     */
    public static DataSetWithIds tweets(Path file, Optional<TableLayout> layout, Optional<String> idColumn)
            throws IOException {
        List<Optional<String>> ids = new ArrayList<>();
        if (layout.isEmpty() && file.getFileName().toString().endsWith(TEXTS)) {
            DataSet set = published(file);
            return new DataSetWithIds(set, Collections.nCopies(set.texts().size(), Optional.empty()));
        }
        TableLayout known = layout.isPresent() ? layout.get() : layout(file);
        try (Lines lines = Lines.of(file)) {
            return new DataSetWithIds(
                    new DataSetReader(file, known, lines).read(idColumn.or(known::idColumn), ids::add), ids);
        }
    }

    private DataSet read(Optional<String> idColumn, Consumer<Optional<String>> ids) throws IOException {
        int id = layout.header() ? -1 : idColumn.map(this::number).orElse(-1);
        int text = layout.header() ? 0 : number(layout.textColumn());
        int label = layout.header() ? 0 : number(layout.labelColumn());
        if (layout.header()) {
            List<String> header =
                    next().orElse(List.of()).stream().map(String::strip).toList();
            text = column(header, layout.textColumn());
            label = column(header, layout.labelColumn());
            id = idColumn.isPresent()
                    ? column(header, idColumn.get())
                    : IntStream.range(0, header.size())
                            .filter(i -> ID_NAMES.contains(header.get(i).toLowerCase(Locale.ROOT)))
                            .findFirst()
                            .orElse(-1);
        }
        List<LabeledText> texts = new ArrayList<>();
        List<String> unlabeled = new ArrayList<>();
        Map<String, Integer> dropped = new LinkedHashMap<>();
        TreeSet<String> strange = new TreeSet<>();
        int rows = 0;
        for (Optional<List<String>> row = next(); row.isPresent(); row = next()) {
            rows++;
            List<String> fields = row.get();
            if (fields.size() <= Math.max(text, label)) {
                dropped.merge("not of the layout", 1, Integer::sum);
                continue;
            }
            String meaning = fields.get(label).strip().toLowerCase(Locale.ROOT);
            boolean positive = layout.positive().contains(meaning);
            String read = layout.escapes() ? unescaped(fields.get(text)) : fields.get(text);
            if (layout.dropped().contains(meaning)) {
                dropped.merge("neutral", 1, Integer::sum);
                unlabeled.add(read);
            } else if (!positive && !layout.negative().contains(meaning)) {
                dropped.merge("with another label", 1, Integer::sum);
                if (strange.size() < LABELS_SHOWN) strange.add(meaning);
            } else if (fields.get(text).isBlank()) dropped.merge("without text", 1, Integer::sum);
            else {
                texts.add(new LabeledText(read, positive));
                ids.accept(
                        id >= 0 && id < fields.size()
                                ? Optional.of(fields.get(id).strip()).filter(found -> !found.isEmpty())
                                : Optional.empty());
            }
        }
        if (texts.isEmpty())
            throw new DataException(file + " holds no text that is labelled " + layout.negative() + " or "
                    + layout.positive()
                    + (strange.isEmpty()
                            ? ""
                            : "; its labels are " + strange + ": say with --negative and --positive what they mean"));
        return new DataSet(file.getFileName().toString(), rows, texts, unlabeled, new DroppedRows(dropped));
    }

    /** As TweetEval publishes it: a text a line, and beside it a file with a label a line. */
    private static DataSet published(Path file) throws IOException {
        String name = file.getFileName().toString();
        Path labels = file.resolveSibling(name.substring(0, name.length() - TEXTS.length()) + LABELS);
        if (!Files.exists(labels))
            throw new DataException(file + " needs its labels beside it, in " + labels.getFileName());
        List<LabeledText> texts = new ArrayList<>();
        Map<String, Integer> dropped = new LinkedHashMap<>();
        int rows = 0;
        try (Lines textLines = Lines.of(file);
                Lines labelLines = Lines.of(labels)) {
            for (Optional<String> text = textLines.next(), label = labelLines.next();
                    text.isPresent() || label.isPresent();
                    text = textLines.next(), label = labelLines.next()) {
                rows++;
                if (text.isEmpty() || label.isEmpty())
                    throw new DataException(
                            file + " and " + labels.getFileName() + " differ in length from line " + rows + " on");
                String meaning = label.get().strip();
                if (TableLayout.TWEETEVAL.dropped().contains(meaning)) dropped.merge("neutral", 1, Integer::sum);
                else if (text.get().isBlank()) dropped.merge("without text", 1, Integer::sum);
                else if (!meaning.equals("0") && !meaning.equals("2"))
                    dropped.merge("with another label", 1, Integer::sum);
                else texts.add(new LabeledText(unescaped(text.get()), meaning.equals("2")));
            }
        }
        if (texts.isEmpty()) throw new DataException(file + " holds no text that is labelled 0 or 2");
        return new DataSet(name, rows, texts, new DroppedRows(dropped));
    }

    /** The next record's fields; none for a line that is no record; empty at the end. */
    private Optional<List<String>> next() throws IOException {
        Optional<String> first = line();
        while (first.isPresent() && first.get().isBlank()) first = line();
        if (first.isEmpty()) return Optional.empty();
        boolean mayBreak = layout.quoted() && layout.header();
        List<String> more = new ArrayList<>();
        StringBuilder record = new StringBuilder(first.get());
        for (boolean open = isOpen(first.get(), false); mayBreak && open; ) {
            Optional<String> line = more.size() < MOST_LINES ? line() : Optional.empty();
            if (line.isEmpty()) { // it never closes
                for (int i = more.size() - 1; i >= 0; i--) pending.push(more.get(i));
                return Optional.of(List.of());
            }
            more.add(line.get());
            record.append('\n').append(line.get());
            open = isOpen(line.get(), true);
        }
        return Optional.of(
                fields(record.toString(), layout.delimiter(), layout.quoted()).orElse(List.of()));
    }

    private Optional<String> line() throws IOException {
        return pending.isEmpty() ? lines.next() : Optional.of(pending.pop());
    }

    private static boolean isOpen(String line, boolean before) {
        return before ^ line.chars().filter(c -> c == '"').count() % 2 == 1;
    }

    /** The fields of one record; empty if it is none. */
    static Optional<List<String>> fields(String record, char delimiter, boolean quoted) {
        if (!quoted) return Optional.of(Arrays.asList(record.split(Pattern.quote(String.valueOf(delimiter)), -1)));
        try (CSVParser parser = CSVParser.parse(
                record, CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get())) {
            List<CSVRecord> records = parser.getRecords();
            return records.size() == 1 ? Optional.of(records.get(0).toList()) : Optional.empty();
        } catch (IOException | IllegalStateException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private int column(List<String> header, String name) {
        OptionalInt found = IntStream.range(0, header.size())
                .filter(i -> header.get(i).equalsIgnoreCase(name))
                .findFirst();
        return found.orElseThrow(() ->
                new DataException(file + " has no column " + name + ": its columns are " + String.join(", ", header)));
    }

    private int number(String column) {
        if (!column.matches("[1-9][0-9]{0,3}"))
            throw new DataException(
                    "column " + column + " of " + file + " is to be a number from 1, for the table has no header");
        return Integer.parseInt(column) - 1;
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(match.group(1), 16))));
    }
}
