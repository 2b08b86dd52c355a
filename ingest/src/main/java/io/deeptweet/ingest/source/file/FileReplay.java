// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.source.RateLimiter;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetFormat;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.ingest.tweet.XApiFormat;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Replays a file of tweets, plain or gzip, once or again and again. Its position is the number of records that it has
 * read, with a checksum that tells whether the file is still the same. What comes through a named pipe is not read
 * again.
 */
public final class FileReplay implements TweetSource {
    private final Path file;
    private final FileFormat format;
    private final ReplayOptions options;
    private final LanguageDetector languages;
    private final Clock clock;

    public FileReplay(Path file, FileFormat format, ReplayOptions options, LanguageDetector languages, Clock clock) {
        this.file = file;
        this.format = format;
        this.options = options;
        this.languages = languages;
        this.clock = clock;
    }

    @Override
    public String describe() {
        return file.toString();
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public boolean canResume() {
        return !Files.exists(file) || Files.isRegularFile(file); // a named pipe gives each record once
    }

    @Override
    public String restart(String position) {
        return position.isEmpty() ? "" : FilePosition.parse(position).nextPass().toString();
    }

    @Override
    public String describe(String position) {
        return FilePosition.parse(position).inWords();
    }

    @Override
    public void run(SourceOutput output, String position) throws IOException, InterruptedException {
        RateLimiter limiter = new RateLimiter(options.tweetsPerSecond());
        FilePosition reached = replay(output, limiter, FilePosition.parse(position));
        while (options.loop() && reached.records() > 0) reached = replay(output, limiter, reached.nextPass());
    }

    /** Replays what follows a position, and returns the file's end. */
    private FilePosition replay(SourceOutput output, RateLimiter limiter, FilePosition start)
            throws IOException, InterruptedException {
        try (InputStream in = InputFile.open(file)) {
            RecordReader reader = reader(in);
            TweetFormat tweets = tweetFormat(reader);
            FilePosition.Tracker tracker = start.tracker();
            skip(reader, tracker, start, output.name());
            TweetParser parser = new TweetParser(output.name(), tweets, options.datedNow(), languages, clock);
            for (Optional<RawRecord> next = reader.nextNotBlank(); next.isPresent(); next = reader.nextNotBlank()) {
                limiter.acquire();
                RawRecord record = next.get();
                FilePosition reached = tracker.after(record.bytes());
                String origin = file.getFileName() + ":" + record.line();
                output.write(parse(parser, record, output.name(), reached), record.bytes(), origin, reached::toString);
            }
            return tracker.reached();
        }
    }

    private void skip(RecordReader reader, FilePosition.Tracker tracker, FilePosition start, String feed)
            throws IOException {
        while (tracker.reached().records() < start.records()) {
            Optional<RawRecord> published = reader.nextNotBlank();
            if (published.isEmpty()) break;
            tracker.after(published.get().bytes());
        }
        if (!tracker.reached().equals(start))
            throw new IOException(file + " has changed since its first " + start.inWords()
                    + " were published: give the new file another name, or replay it from its beginning once by"
                    + " deeptweet.feeds." + feed + ".start=beginning (up --from-beginning)");
    }

    private RecordReader reader(InputStream in) throws IOException {
        return format == FileFormat.CSV
                ? RecordReader.ofDelimited(in, file, options.largestRecord())
                : RecordReader.ofLines(in, options.largestRecord());
    }

    private TweetFormat tweetFormat(RecordReader reader) throws IOException {
        return switch (format) {
            case X_API -> new XApiFormat();
            case CSV -> TableFormat.ofHeader(reader, options.columns());
            case TEXT -> new TextFormat();
        };
    }

    private ParsedTweet parse(TweetParser parser, RawRecord record, String feed, FilePosition reached) {
        if (record.isCut())
            return new ParsedTweet.Invalid(
                    Reason.TOO_LARGE,
                    "the record has " + record.size() + " bytes, more than " + options.largestRecord()
                            + ": only the first " + record.bytes().length + " are kept");
        boolean idFromLine = options.idFromLine() || format == FileFormat.TEXT;
        ParsedTweet parsed =
                idFromLine ? parser.parse(record.bytes(), feed + ":" + record.line()) : parser.parse(record.bytes());
        // What comes through a pipe is new each time, and its ids are its own.
        return idFromLine || canResume() ? reached.passed(parsed) : parsed;
    }
}
