// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.tweet.ParsedTweet;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a source writes its records: to the sink of its feed. A source does not wait for the acknowledgement of each
 * record: if one fails, the next call fails. Not thread-safe.
 */
public final class SourceOutput implements AutoCloseable {
    private record Failure(String origin, Throwable cause) {}

    private final FeedSink sink;
    private final AtomicReference<Optional<Failure>> failure = new AtomicReference<>(Optional.empty());
    private long written;

    public SourceOutput(FeedSink sink) {
        this.sink = sink;
    }

    /** The name of the feed. */
    public String feed() {
        return sink.feed().name();
    }

    /**
     * Writes a record. Blocks while too many records wait for Kafka's acknowledgement.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @throws IOException if Kafka did not acknowledge an earlier record
     */
    public void write(ParsedTweet parsed, byte[] bytes, String origin) throws IOException {
        written++;
        var unused = sink.accept(parsed, bytes, origin).whenComplete((outcome, thrown) -> {
            if (thrown != null) failure.compareAndSet(Optional.empty(), Optional.of(new Failure(origin, thrown)));
        });
        checkFailure();
    }

    /** Records written so far. */
    public long written() {
        return written;
    }

    /**
     * Waits until Kafka has acknowledged all records written so far.
     *
     * @throws IOException if Kafka did not acknowledge one
     */
    @Override
    public void close() throws IOException {
        sink.flush();
        checkFailure();
    }

    private void checkFailure() throws IOException {
        Optional<Failure> first = failure.get();
        if (first.isEmpty()) return;
        Throwable thrown = first.get().cause();
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        throw new IOException(
                "Kafka did not acknowledge the record " + first.get().origin() + ": " + cause.getMessage(), cause);
    }
}
