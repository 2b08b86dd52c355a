// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.ingest.tweet.Utf8;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Replays a file of tweets, plain or gzip. */
public final class FileReplay implements TweetSource {
    /** How the file is written. */
    public enum Format {
        /** JSON Lines in the X API v2's shape. */
        X_API,
        /** Comma- or, named {@code .tsv}, tab-separated values with named columns. */
        CSV,
        /** A tweet a line; its id is made of the feed's name and the line's number. */
        TEXT;

        /**
         * By the file's name, without {@code .gz}: {@code .jsonl}, {@code .ndjson} and {@code .json}, {@code .csv} and
         * {@code .tsv}, {@code .txt}.
         */
        public static Optional<Format> ofName(Path file) {
            String name = plainName(file);
            if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json"))
                return Optional.of(X_API);
            if (name.endsWith(".csv") || name.endsWith(".tsv")) return Optional.of(CSV);
            return name.endsWith(".txt") ? Optional.of(TEXT) : Optional.empty();
        }
    }

    /**
     * How to replay.
     *
     * @param perSecond tweets a second; 0 for as fast as possible
     * @param loop whether to start again at the end
     * @param datedNow whether tweets count as written when they are replayed
     * @param idFromLine whether a tweet without an id gets one of the feed's name and the line's number
     * @param columns names of a CSV's columns by what they hold ({@code id}, {@code text}, {@code created_at},
     *     {@code lang}, {@code author}), for those that do not go by a usual name
     * @param largestRecord bytes; what is larger is rejected
     */
    public record Options(
            double perSecond,
            boolean loop,
            boolean datedNow,
            boolean idFromLine,
            Map<String, String> columns,
            int largestRecord) {
        public Options {
            columns = Map.copyOf(columns);
        }
    }

    private static final Map<String, List<String>> USUAL_COLUMNS = Map.of(
            "id", List.of("id", "tweet_id", "tweetid", "textid", "status_id"),
            "text", List.of("text", "tweet", "content", "full_text"),
            "created_at", List.of("created_at", "createdat", "date", "date created", "timestamp"),
            "lang", List.of("lang", "language"),
            "author", List.of("author", "username", "user", "screen_name"));
    private static final int GZIP = 0x1f8b;

    private final Path file;
    private final Format format;
    private final Options options;
    private final Clock clock;

    public FileReplay(Path file, Format format, Options options, Clock clock) {
        this.file = file;
        this.format = format;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public String describe() {
        return file.toString();
    }

    @Override
    public void run(FeedIntake intake) throws IOException, InterruptedException {
        Pace pace = new Pace(
                options.perSecond(),
                System::nanoTime,
                nanos -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000)));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        do {
            long before = intake.read();
            replay(intake, pace, failure);
            if (intake.read() == before) break; // an empty file does not loop
        } while (options.loop());
    }

    private void replay(FeedIntake intake, Pace pace, AtomicReference<Throwable> failure)
            throws IOException, InterruptedException {
        TweetParser parser = new TweetParser(intake.feed().name(), options.datedNow(), clock);
        try (InputStream in = open()) {
            RecordReader reader = new RecordReader(in, format == Format.CSV, options.largestRecord());
            Csv csv = null;
            for (Optional<RecordReader.Raw> next = reader.next(); next.isPresent(); next = reader.next()) {
                RecordReader.Raw raw = next.get();
                if (isBlank(raw.bytes())) continue;
                if (format == Format.CSV && csv == null) {
                    csv = Csv.ofHeader(text(raw.bytes()), plainName(file).endsWith(".tsv"), options.columns());
                    continue;
                }
                pace.await();
                Optional<String> id = options.idFromLine() || format == Format.TEXT
                        ? Optional.of(intake.feed().name() + ":" + raw.line())
                        : Optional.empty();
                intake.take(parse(parser, csv, raw, id), raw.bytes(), file.getFileName() + ":" + raw.line())
                        .whenComplete((outcome, thrown) -> failure.compareAndSet(null, thrown));
                if (failure.get() != null) break;
            }
        } catch (EOFException e) {
            throw new IOException(file + " ends in the middle of its gzip data", e);
        } catch (ZipException e) {
            throw new IOException(file + " holds broken gzip data: " + e.getMessage(), e);
        } finally {
            intake.flush(); // what was read of a broken file counts too
        }
        if (failure.get() != null) {
            Throwable cause = failure.get() instanceof CompletionException
                            && failure.get().getCause() != null
                    ? failure.get().getCause()
                    : failure.get();
            throw new IOException(
                    "Kafka did not take a record of " + file.getFileName() + ": " + cause.getMessage(), cause);
        }
    }

    private ParsedTweet parse(TweetParser parser, Csv csv, RecordReader.Raw raw, Optional<String> id) {
        if (raw.cut())
            return new ParsedTweet.Refused(
                    Reason.TOO_LARGE,
                    "the record has " + raw.size() + " bytes, more than " + options.largestRecord()
                            + "; here are its first " + raw.bytes().length);
        if (format == Format.X_API) return parser.parse(raw.bytes(), id);
        try {
            String text = text(raw.bytes());
            if (format == Format.CSV) return parser.parse(csv.fields(text), id);
            return parser.parse(
                    new TweetFields(
                            Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty()),
                    id);
        } catch (IOException e) {
            return new ParsedTweet.Refused(Reason.MALFORMED, e.getMessage());
        }
    }

    private InputStream open() throws IOException {
        InputStream in;
        try {
            in = new BufferedInputStream(
                    new FileInputStream(file.toFile()), 1 << 16); // reads named pipes too, unlike the stream of Files
        } catch (IOException e) { // whose message is but the name
            throw new IOException(file + " cannot be opened: is it there, and may it be read?", e);
        }
        try {
            in.mark(2);
            boolean gzip = (in.read() << 8 | in.read()) == GZIP;
            in.reset();
            InputStream plain = gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
            skipByteOrderMark(plain);
            return plain;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void skipByteOrderMark(InputStream in) throws IOException {
        in.mark(3);
        if (in.read() != 0xef || in.read() != 0xbb || in.read() != 0xbf) in.reset();
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) if (b != ' ' && b != '\t' && b != '\r') return false;
        return true;
    }

    private static String text(byte[] bytes) throws IOException {
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
        }
    }

    private static String plainName(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
    }

    /** A CSV's columns: where each field stands. */
    private record Csv(CSVFormat format, int width, Map<String, Integer> columns) {
        static Csv ofHeader(String header, boolean tabs, Map<String, String> named) throws IOException {
            CSVFormat format = tabs ? CSVFormat.TDF : CSVFormat.DEFAULT;
            List<String> names = record(format, header).stream()
                    .map(name -> name.strip().toLowerCase(Locale.ROOT))
                    .toList();
            Map<String, Integer> columns = new HashMap<>();
            USUAL_COLUMNS.forEach((field, usual) -> {
                List<String> wanted =
                        named.containsKey(field) ? List.of(named.get(field).toLowerCase(Locale.ROOT)) : usual;
                wanted.stream()
                        .filter(names::contains)
                        .findFirst()
                        .ifPresent(name -> columns.put(field, names.indexOf(name)));
            });
            for (String field : named.keySet())
                if (!columns.containsKey(field))
                    throw new IOException(
                            "the file has no column " + named.get(field) + ": it has " + String.join(", ", names));
            if (!columns.containsKey("text"))
                throw new IOException("the file has no column of texts: it has " + String.join(", ", names)
                        + "; name one by columns.text");
            return new Csv(format, names.size(), columns);
        }

        TweetFields fields(String text) throws IOException {
            CSVRecord record = record(format, text);
            if (record.size() != width)
                throw new IOException("the record has " + record.size() + " fields, not " + width);
            return new TweetFields(
                    field(record, "id"),
                    field(record, "text"),
                    field(record, "created_at"),
                    field(record, "lang"),
                    field(record, "author"));
        }

        private Optional<String> field(CSVRecord record, String name) {
            return Optional.ofNullable(columns.get(name)).map(record::get).filter(value -> !value.isBlank());
        }

        private static CSVRecord record(CSVFormat format, String text) throws IOException {
            try (CSVParser parser = CSVParser.parse(text, format)) {
                List<CSVRecord> records = parser.getRecords();
                if (records.size() != 1) throw new IOException("not one CSV record but " + records.size());
                return records.get(0);
            } catch (UncheckedIOException | IllegalStateException e) {
                throw new IOException("not CSV: " + e.getMessage(), e);
            }
        }
    }
}
