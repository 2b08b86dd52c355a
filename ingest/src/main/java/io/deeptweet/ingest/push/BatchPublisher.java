// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.push;

import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.shape.Content;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.shape.RecordParser.ParsedPart;
import io.deeptweet.ingest.shape.RecordParser.ParsedRecord;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Publishes batches of records to the sink of a feed. */
public final class BatchPublisher {
    private final FeedSink sink;
    private final RecordParser parser;
    /** Origin of a batch's records, such as {@code POST /tweets}. */
    private final String origin;

    public BatchPublisher(FeedSink sink, RecordParser parser, String origin) {
        this.sink = sink;
        this.parser = parser;
        this.origin = origin;
    }

    /** Parses records. What they hold needs many times their memory. */
    public List<ParsedRecord> parse(List<byte[]> records) {
        return records.stream().map(parser::parse).toList();
    }

    /**
     * Publishes records in their order. Blocks while too many wait for Kafka's acknowledgement.
     *
     * @param cancelled asked before each record; once true, the remaining records are not published
     * @return completes when Kafka has acknowledged all records; fails if it does not acknowledge one
     */
    public CompletableFuture<BatchResult> publish(List<ParsedRecord> records, BooleanSupplier cancelled) {
        SortedMap<Integer, ParsedTweet.Invalid> invalid = new TreeMap<>();
        List<CompletableFuture<FeedSink.Outcome>> outcomes = new ArrayList<>();
        SortedMap<String, Long> shapes = new TreeMap<>();
        for (ParsedRecord record : records) {
            if (cancelled.getAsBoolean()) break;
            shapes.merge(record.shape(), 1L, Long::sum);
            for (ParsedPart part : record.parts()) {
                int index = outcomes.size();
                if (part.tweet() instanceof ParsedTweet.Invalid fault) invalid.put(index, fault);
                outcomes.add(sink.accept(part.tweet(), part.bytes().get(), origin + "#" + index));
            }
            // The remaining ones would fail too, after as long a wait.
            if (outcomes.get(outcomes.size() - 1).isCompletedExceptionally()) break;
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(acknowledged -> result(outcomes, invalid, shapes));
    }

    /** Rejects a batch that cannot be divided into records, as one malformed record. */
    public CompletableFuture<BatchResult> reject(byte[] batch, String detail) {
        ParsedTweet.Invalid invalid = new ParsedTweet.Invalid(Reason.MALFORMED, detail);
        CompletableFuture<FeedSink.Outcome> outcome = sink.accept(invalid, batch, origin + "#0");
        return outcome.thenApply(acknowledged -> result(
                List.of(outcome), new TreeMap<>(Map.of(0, invalid)), new TreeMap<>(Map.of(Content.UNKNOWN, 1L))));
    }

    private static BatchResult result(
            List<CompletableFuture<FeedSink.Outcome>> outcomes,
            SortedMap<Integer, ParsedTweet.Invalid> invalid,
            SortedMap<String, Long> shapes) {
        return new BatchResult(
                count(outcomes, FeedSink.Outcome.PUBLISHED),
                count(outcomes, FeedSink.Outcome.FILTERED),
                count(outcomes, FeedSink.Outcome.SKIPPED),
                invalid,
                shapes);
    }

    private static long count(List<CompletableFuture<FeedSink.Outcome>> outcomes, FeedSink.Outcome wanted) {
        return outcomes.stream().filter(outcome -> outcome.join() == wanted).count();
    }
}
