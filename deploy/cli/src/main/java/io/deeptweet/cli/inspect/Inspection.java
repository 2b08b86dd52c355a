// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.inspect;

import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.shape.RecordParser.ParsedPart;
import io.deeptweet.ingest.shape.RecordParser.ParsedRecord;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.RawRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Counts what a file holds, as ingest would read it. Not thread-safe. */
final class Inspection {
    /** Details of rejections that are kept apart; a file may have a different one in each record. */
    private static final int MOST_FAULTS = 1_000;

    /**
     * Why records would be rejected.
     *
     * @param detail the fault in a sentence
     */
    record Fault(Reason reason, String detail) {}

    /**
     * How many records have a fault.
     *
     * @param firstLine number of the line of the first one, from 1
     */
    record Occurrences(long count, long firstLine) {
        Occurrences next() {
            return new Occurrences(count + 1, firstLine);
        }
    }

    private final LanguageFilter languages;
    private final boolean idFromLine;
    private final int largestRecord;
    private final int mostExamples;
    private final Map<String, Long> shapes = new TreeMap<>();
    private final Map<TweetKind, Long> kinds = new TreeMap<>();
    private final Map<String, Long> filtered = new TreeMap<>();
    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<Fault, Occurrences> rejected = new HashMap<>();
    private final List<Tweet> examples = new ArrayList<>();
    private long records;
    private long published;

    /**
     * @param idFromLine whether tweets without an id get one
     * @param largestRecord most bytes of a record that holds one tweet
     * @param mostExamples how many tweets are kept to be shown
     */
    Inspection(LanguageFilter languages, boolean idFromLine, int largestRecord, int mostExamples) {
        this.languages = languages;
        this.idFromLine = idFromLine;
        this.largestRecord = largestRecord;
        this.mostExamples = mostExamples;
    }

    /**
     * Reads all records.
     *
     * @param progress called after each record with the number of records so far
     * @throws IOException if the file cannot be read to its end; what precedes is counted
     */
    void read(InputRecords input, RecordParser parser, LongConsumer progress) throws IOException {
        for (Optional<RawRecord> next = input.next(); next.isPresent(); next = input.next()) {
            records++;
            RawRecord record = next.get();
            if (record.isCut()) tooLarge(record);
            else {
                Optional<String> id = idFromLine ? Optional.of("line:" + record.line()) : Optional.empty();
                count(parser.parse(record.bytes(), id), record);
            }
            progress.accept(records);
        }
    }

    private void count(ParsedRecord parsed, RawRecord record) {
        if (parsed.parts().size() == 1 && record.size() > largestRecord) {
            tooLarge(record);
            return;
        }
        shapes.merge(parsed.shape(), 1L, Long::sum);
        for (ParsedPart part : parsed.parts()) {
            if (part.tweet() instanceof ParsedTweet.Valid valid) count(valid.tweet());
            else if (part.tweet() instanceof ParsedTweet.Skipped notice) skipped.merge(notice.kind(), 1L, Long::sum);
            else if (part.tweet() instanceof ParsedTweet.Invalid invalid)
                reject(new Fault(invalid.reason(), invalid.detail()), record.line());
        }
    }

    private void count(Tweet tweet) {
        if (!languages.passes(tweet.getLanguage())) {
            filtered.merge(tweet.getLanguage().orElse("und"), 1L, Long::sum);
            return;
        }
        published++;
        kinds.merge(tweet.getKind(), 1L, Long::sum);
        if (examples.size() < mostExamples) examples.add(tweet);
    }

    private void tooLarge(RawRecord record) {
        reject(
                new Fault(
                        Reason.TOO_LARGE,
                        "the record has more than " + (record.isCut() ? record.bytes().length : largestRecord)
                                + " bytes"),
                record.line());
    }

    private void reject(Fault fault, long line) {
        Fault known = rejected.size() < MOST_FAULTS || rejected.containsKey(fault)
                ? fault
                : new Fault(fault.reason(), "other faults of this kind");
        rejected.merge(known, new Occurrences(1, line), (before, one) -> before.next());
    }

    long records() {
        return records;
    }

    /** Tweets that would go to {@code tweets.raw}. */
    long published() {
        return published;
    }

    /** How many records have which shape. */
    Map<String, Long> shapes() {
        return shapes;
    }

    /** The published ones by kind. */
    Map<TweetKind, Long> kinds() {
        return kinds;
    }

    /** Tweets that the filter drops, by language. */
    Map<String, Long> filtered() {
        return filtered;
    }

    /** What is no tweet, by kind. */
    Map<String, Long> skipped() {
        return skipped;
    }

    /** The faults, the most frequent first. */
    List<Map.Entry<Fault, Occurrences>> rejected() {
        return rejected.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Occurrences::count)
                        .reversed()
                        .thenComparingLong(Occurrences::firstLine)))
                .toList();
    }

    /** The first published ones. */
    List<Tweet> examples() {
        return examples;
    }
}
