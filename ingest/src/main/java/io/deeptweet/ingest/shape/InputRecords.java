// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.service.file.Delimiter;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.JsonDocumentReader;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.file.RecordReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of a file or a request, and how they hold posts. Unless the format is given, the first line that is not
 * blank tells it, and the name where that tells nothing.
 */
public final class InputRecords {
    /** A page of an API is a record that holds many posts: 8 MiB. */
    public static final int LARGEST_PAGE = 8 << 20;

    /** Bytes of a record that holds one post, unless a setting says otherwise: 512 KiB. */
    public static final int DEFAULT_LARGEST_RECORD = 512 << 10;

    /** The fields that {@link Hints#columns} may name. */
    public static final List<String> FIELDS = List.of("id", "text", "created_at", "lang", "author");

    private static final int LONGEST_FIRST_LINE = 1 << 16;
    /** An array of objects, or an object that other lines continue. */
    private static final Pattern DOCUMENT =
            Pattern.compile("\\s*(\\[\\s*([{\\]].*)?|\\{(\\s*|.*[\\[{,]\\s*))", Pattern.DOTALL);
    /** X's archive assigns its arrays to variables. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*(?:window|Grailbird)\\.[\\w.]+\\s*=\\s*(?:\\[.*)?", Pattern.DOTALL);

    /** The first line of a document over several lines, or of a list of objects. */
    private static final Pattern OPENING = Pattern.compile("\\s*(?:[{\\[]\\s*|\\[\\s*\\{.*)", Pattern.DOTALL);

    /** How Excel names the delimiter. */
    private static final Pattern EXCEL = Pattern.compile("\\s*\"?sep=([,;\\t])\"?\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern OBJECT = Pattern.compile("\\s*\\{\\s*[\"}].*", Pattern.DOTALL);

    /**
     * What is known of the input besides its content.
     *
     * @param name for messages, such as a file's
     * @param format as the operator or a media type gives it; empty to find out
     * @param suggested as the name suggests it
     * @param delimiter what separates a table's fields; empty to find out
     * @param columns the names of columns or fields by what they hold, see {@link #FIELDS}
     * @param encoding that of the records
     * @param largest bytes of a record that holds one post; the rest of a larger one is skipped
     */
    public record Hints(
            String name,
            Optional<FileFormat> format,
            Optional<FileFormat> suggested,
            Optional<Delimiter> delimiter,
            Map<String, String> columns,
            RecordEncoding encoding,
            int largest) {
        public Hints {
            columns = Map.copyOf(columns);
        }

        /** Those of a file, whose name suggests a format and a delimiter. */
        public static Hints ofFile(
                Path file,
                Optional<FileFormat> format,
                Map<String, String> columns,
                RecordEncoding encoding,
                int largest) {
            boolean tabs = InputFile.plainName(file).endsWith(".tsv");
            return new Hints(
                    file.toString(),
                    format,
                    FileFormat.ofName(file),
                    tabs ? Optional.of(Delimiter.TAB) : Optional.empty(),
                    columns,
                    encoding,
                    largest);
        }
    }

    private interface Source {
        Optional<RawRecord> next() throws IOException;
    }

    private final FileFormat format;
    private final Source source;
    private final RecordFormat records;
    /** A first record that is no header. */
    private Optional<RawRecord> pending;

    private InputRecords(
            FileFormat format,
            Source source,
            RecordFormat records,
            RecordEncoding encoding,
            Optional<RawRecord> pending) {
        this.format = format;
        this.source = source;
        this.records = encoding == RecordEncoding.UTF_8
                ? records
                : record -> records.read(encoding.utf8(record)).receivedAs(record);
        this.pending = pending;
    }

    /**
     * Reads the beginning.
     *
     * @throws IOException if the input cannot be read, or has no format that is known; the message is a sentence
     */
    public static InputRecords open(InputStream input, Hints hints) throws IOException {
        InputStream in = input instanceof BufferedInputStream ? input : new BufferedInputStream(input, 1 << 16);
        String first = firstLine(in);
        FileFormat format = hints.format().isPresent() ? hints.format().get() : told(first, hints);
        return switch (format) {
            case JSON -> json(in, first, hints);
            case CSV -> table(in, first, hints);
            case TEXT -> {
                RecordReader lines = RecordReader.ofLines(in, hints.largest());
                yield new InputRecords(
                        format, lines::nextNotBlank, new TextFormat(), hints.encoding(), Optional.empty());
            }
        };
    }

    private static FileFormat told(String first, Hints hints) throws IOException {
        boolean text = hints.suggested().filter(FileFormat.TEXT::equals).isPresent();
        if (ASSIGNMENT.matcher(first).matches()) return FileFormat.JSON;
        boolean json =
                OBJECT.matcher(first).matches() || DOCUMENT.matcher(first).matches();
        if (json && (!text || !hints.columns().isEmpty() || isNoText(first))) return FileFormat.JSON;
        if (EXCEL.matcher(first).matches()) return FileFormat.CSV;
        if (TableFormat.recognises(first, hints.columns(), text ? 2 : 1)) return FileFormat.CSV;
        if (hints.suggested().isPresent()) return hints.suggested().get();
        if (first.isBlank()) return FileFormat.TEXT; // empty
        throw new IOException("the format of " + hints.name()
                + " is not known: choose the format json, csv or text, or name the columns of a table");
    }

    /** Lines of text may begin with a brace or a bracket. Only an opening line, or a post, is JSON. */
    private static boolean isNoText(String line) {
        if (OPENING.matcher(line).matches()) return true;
        try {
            JsonNode object = RecordJson.object(line.getBytes(StandardCharsets.UTF_8));
            return JsonFormat.shapeOf(object).isPresent()
                    || JsonFields.USUAL.of(object).text().isPresent();
        } catch (InvalidTweetException e) {
            return false;
        }
    }

    /** Several objects may stand in one line. */
    private static boolean holdsSeveral(String line) {
        if (!line.contains("}{")) return false;
        try {
            var unused = RecordJson.object(line.getBytes(StandardCharsets.UTF_8));
            return false;
        } catch (InvalidTweetException e) {
            return true;
        }
    }

    private static InputRecords json(InputStream in, String first, Hints hints) {
        int largest = Math.max(hints.largest(), LARGEST_PAGE);
        boolean documents =
                DOCUMENT.matcher(first).matches() || ASSIGNMENT.matcher(first).matches() || holdsSeveral(first);
        Source source =
                documents ? new JsonDocumentReader(in, largest)::next : RecordReader.ofLines(in, largest)::nextNotBlank;
        return new InputRecords(
                FileFormat.JSON, source, new JsonFormat(hints.columns()), hints.encoding(), Optional.empty());
    }

    private static InputRecords table(InputStream in, String first, Hints hints) throws IOException {
        Matcher excel = EXCEL.matcher(first);
        Delimiter delimiter = excel.matches()
                ? Delimiter.of(excel.group(1).charAt(0))
                : hints.delimiter().orElseGet(() -> TableFormat.delimiter(first, hints.columns()));
        RecordReader reader = RecordReader.ofDelimited(in, delimiter, hints.largest());
        Optional<RawRecord> record = reader.nextNotBlank();
        if (excel.matches()) record = reader.nextNotBlank();
        TableFormat table = TableFormat.of(record, delimiter, hints.columns(), hints.encoding());
        return new InputRecords(
                FileFormat.CSV,
                reader::nextNotBlank,
                table,
                hints.encoding(),
                table.hasHeader() ? Optional.empty() : record);
    }

    /** Up to the first line end after something that is not blank. The stream's position does not change. */
    private static String firstLine(InputStream in) throws IOException {
        in.mark(LONGEST_FIRST_LINE);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean blank = true;
        for (int i = 0; i < LONGEST_FIRST_LINE; i++) {
            int b = in.read();
            if (b < 0 || (b == '\n' && !blank)) break;
            if (!Character.isWhitespace(b)) blank = false;
            line.write(b);
        }
        in.reset();
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The format that was given or found. */
    public FileFormat format() {
        return format;
    }

    /** How a record holds posts. */
    public RecordFormat records() {
        return records;
    }

    /** The next record that is not blank; empty at the end. */
    public Optional<RawRecord> next() throws IOException {
        Optional<RawRecord> first = pending;
        pending = Optional.empty();
        return first.isPresent() ? first : source.next();
    }
}
