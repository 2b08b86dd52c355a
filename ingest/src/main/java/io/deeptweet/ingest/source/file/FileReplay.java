// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.shape.RecordParser.ParsedPart;
import io.deeptweet.ingest.source.RateLimiter;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.SourceOutput.Item;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RawRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Replays a file of tweets, plain or compressed, once or again and again. Its position is the number of records that it
 * has read, with a checksum that tells whether the file is still the same. What comes through a named pipe is not read
 * again.
 */
public final class FileReplay implements TweetSource {
    private final Path file;
    private final Optional<FileFormat> format;
    private final ReplayOptions options;
    private final LanguageDetector languages;
    private final Clock clock;

    /** @param format empty to find it out by the content */
    public FileReplay(
            Path file, Optional<FileFormat> format, ReplayOptions options, LanguageDetector languages, Clock clock) {
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
        try (InputStream in = InputFile.open(file, options.mostUnpacked())) {
            InputRecords records = InputRecords.open(
                    in,
                    InputRecords.Hints.ofFile(
                            file, format, options.columns(), options.encoding(), options.largestRecord()));
            FilePosition.Tracker tracker = start.tracker();
            skip(records, tracker, start, output.name());
            RecordParser parser = new RecordParser(
                    records.records(), new TweetParser(output.name(), options.datedNow(), languages, clock));
            boolean idFromLine = options.idFromLine() || records.format() == FileFormat.TEXT;
            // What comes through a pipe is new each time, and its ids are its own.
            boolean passes = idFromLine || canResume();
            for (Optional<RawRecord> next = records.next(); next.isPresent(); next = records.next()) {
                limiter.acquire();
                RawRecord record = next.get();
                FilePosition reached = tracker.after(record.bytes());
                Optional<String> defaultId =
                        idFromLine ? Optional.of(output.name() + ":" + record.line()) : Optional.empty();
                UnaryOperator<ParsedTweet> passed = passes ? reached::passed : UnaryOperator.identity();
                output.write(items(parser, record, defaultId, passed), reached::toString);
            }
            return tracker.reached();
        }
    }

    private void skip(InputRecords records, FilePosition.Tracker tracker, FilePosition start, String feed)
            throws IOException {
        while (tracker.reached().records() < start.records()) {
            Optional<RawRecord> published = records.next();
            if (published.isEmpty()) break;
            tracker.after(published.get().bytes());
        }
        if (!tracker.reached().equals(start))
            throw new IOException(file + " has changed since its first " + start.inWords()
                    + " were published: give the new file another name, or replay it from its beginning once by"
                    + " deeptweet.feeds." + feed + ".start=beginning (up --from-beginning)");
    }

    private List<Item> items(
            RecordParser parser, RawRecord record, Optional<String> defaultId, UnaryOperator<ParsedTweet> passed) {
        String origin = file.getFileName() + ":" + record.line();
        List<ParsedPart> parts = record.isCut()
                ? List.of()
                : parser.parse(record.bytes(), defaultId).parts();
        if (record.isCut() || (parts.size() == 1 && record.size() > options.largestRecord()))
            return List.of(tooLarge(record, origin));
        return parts.stream()
                .map(part -> new Item(passed.apply(part.tweet()), part.bytes().get(), origin))
                .toList();
    }

    private Item tooLarge(RawRecord record, String origin) {
        byte[] kept = Arrays.copyOf(record.bytes(), Math.min(record.bytes().length, options.largestRecord()));
        ParsedTweet parsed = new ParsedTweet.Invalid(
                Reason.TOO_LARGE,
                "the record has " + record.size() + " bytes, more than "
                        + (record.isCut() ? record.bytes().length : options.largestRecord()) + ": only the first "
                        + kept.length + " are kept");
        return new Item(parsed, kept, origin);
    }
}
