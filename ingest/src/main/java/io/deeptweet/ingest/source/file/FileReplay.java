// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.source.RateLimiter;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetFormat;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.ingest.tweet.XApiFormat;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Replays a file of tweets, plain or gzip, once or again and again. */
public final class FileReplay implements TweetSource {
    private final Path file;
    private final FileFormat format;
    private final ReplayOptions options;
    private final Clock clock;

    public FileReplay(Path file, FileFormat format, ReplayOptions options, Clock clock) {
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
    public void run(SourceOutput output) throws IOException, InterruptedException {
        RateLimiter limiter = new RateLimiter(options.tweetsPerSecond());
        boolean isEmpty;
        int pass = 1;
        do {
            long before = output.written();
            replay(output, limiter, pass++);
            isEmpty = output.written() == before;
        } while (options.loop() && !isEmpty);
    }

    private void replay(SourceOutput output, RateLimiter limiter, int pass) throws IOException, InterruptedException {
        try (InputStream in = InputFile.open(file)) {
            RecordReader reader = reader(in);
            TweetParser parser = new TweetParser(output.feed(), tweetFormat(reader), options.datedNow(), clock);
            for (Optional<RawRecord> next = reader.nextNotBlank(); next.isPresent(); next = reader.nextNotBlank()) {
                limiter.acquire();
                RawRecord record = next.get();
                String origin = file.getFileName() + ":" + record.line();
                output.write(ofPass(pass, parse(parser, record, output.feed())), record.bytes(), origin);
            }
        }
    }

    /**
     * Makes ids unique in a loop: from the second pass on they end in the pass, as in {@code 17~2}. The classifier
     * drops a repeated id as a duplicate.
     */
    private static ParsedTweet ofPass(int pass, ParsedTweet parsed) {
        if (pass == 1 || !(parsed instanceof ParsedTweet.Valid valid)) return parsed;
        String id = valid.tweet().getId() + "~" + pass;
        if (id.length() > TweetLimits.LONGEST_NAME) return parsed;
        return new ParsedTweet.Valid(Tweet.newBuilder(valid.tweet()).setId(id).build());
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

    private ParsedTweet parse(TweetParser parser, RawRecord record, String feed) {
        if (record.isCut())
            return new ParsedTweet.Invalid(
                    Reason.TOO_LARGE,
                    "the record has " + record.size() + " bytes, more than " + options.largestRecord()
                            + ": only the first " + record.bytes().length + " are kept");
        boolean idFromLine = options.idFromLine() || format == FileFormat.TEXT;
        return idFromLine ? parser.parse(record.bytes(), feed + ":" + record.line()) : parser.parse(record.bytes());
    }
}
