// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Parses the records of a file or a request into tweets. */
public final class RecordParser {
    private final RecordFormat format;
    private final TweetParser tweets;

    /**
     * A part of a record, parsed.
     *
     * @param bytes the part as it was received; for a part that is {@linkplain ParsedTweet.Skipped skipped} nothing
     */
    public record ParsedPart(ParsedTweet tweet, Supplier<byte[]> bytes) {}

    /**
     * A record, parsed.
     *
     * @param shape see {@link Content#shape}
     * @param parts at least one
     */
    public record ParsedRecord(String shape, List<ParsedPart> parts) {
        public ParsedRecord {
            parts = List.copyOf(parts);
        }
    }

    public RecordParser(RecordFormat format, TweetParser tweets) {
        this.format = format;
        this.tweets = tweets;
    }

    /** Parses a record. A tweet without an id is invalid. */
    public ParsedRecord parse(byte[] record) {
        return parse(record, Optional.empty());
    }

    /**
     * Parses a record.
     *
     * @param defaultId the id of a tweet without one; if the record has several tweets, it is followed by a dot and the
     *     tweet's number from 1
     */
    public ParsedRecord parse(byte[] record, Optional<String> defaultId) {
        Content content = format.read(record);
        List<ParsedPart> parsed = new ArrayList<>();
        for (Part part : content.parts()) {
            String suffix = content.parts().size() == 1 ? "" : "." + (parsed.size() + 1);
            parsed.add(parse(part, defaultId.map(id -> id + suffix)));
        }
        return new ParsedRecord(content.shape(), parsed);
    }

    private ParsedPart parse(Part part, Optional<String> defaultId) {
        if (part instanceof Part.Post post) {
            TweetFields fields = defaultId.map(post.fields()::withDefaultId).orElse(post.fields());
            return new ParsedPart(tweets.parse(fields), post.bytes());
        }
        if (part instanceof Part.Invalid invalid)
            return new ParsedPart(new ParsedTweet.Invalid(invalid.reason(), invalid.detail()), invalid.bytes());
        Part.Notice notice = (Part.Notice) part;
        return new ParsedPart(new ParsedTweet.Skipped(notice.kind(), notice.deleted()), () -> new byte[0]);
    }
}
