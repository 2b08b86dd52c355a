// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedOutcomes;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.tweet.ParsedTweet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Where a source writes its records. Commits them with their position in transactions: {@value #MOST_RECORDS} records
 * at most, and none waits longer than an interval, even if the source waits for its next one. If a commit fails, the
 * source's thread is interrupted. For the thread that made it.
 */
public final class SourceOutput implements AutoCloseable {
    static final int MOST_RECORDS = 10_000;

    /** Records whose commit failed without telling whether Kafka has them. */
    record Unresolved(FeedOutcomes outcomes, String position) {}

    private final FeedSink sink;
    private final SourceTransactions transactions;
    private final Thread source = Thread.currentThread();
    private final ScheduledExecutorService timer;
    private FeedOutcomes outcomes = new FeedOutcomes();
    private Supplier<String> position = () -> "";
    private long uncommitted;
    private Optional<KafkaException> failure = Optional.empty();
    private Optional<Unresolved> unresolved = Optional.empty();

    /** @param interval how long a record waits for its commit at most, apart from the time that a commit takes */
    public SourceOutput(FeedSink sink, SourceTransactions transactions, Duration interval) {
        this.sink = sink;
        this.transactions = transactions;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "commit-" + sink.feed().name());
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(
                this::commitInTime, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The name of the feed. */
    public String feed() {
        return sink.feed().name();
    }

    /**
     * Writes a record. Blocks while Kafka is slow.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @param reached the source's position after this record; called later, by another thread
     * @throws KafkaException if Kafka did not take an earlier record
     */
    public synchronized void write(ParsedTweet parsed, byte[] bytes, String origin, Supplier<String> reached) {
        if (failure.isPresent()) throw failure.get();
        sink.write(transactions, parsed, bytes, origin, outcomes);
        position = reached;
        if (++uncommitted >= MOST_RECORDS) commit();
    }

    private synchronized void commitInTime() {
        if (uncommitted == 0 || failure.isPresent()) return;
        try {
            commit();
        } catch (KafkaException e) {
            source.interrupt();
        }
    }

    private void commit() {
        String reached = position.get();
        try {
            transactions.commit(reached);
        } catch (KafkaException e) {
            failure = Optional.of(e);
            unresolved = Optional.of(new Unresolved(outcomes, reached));
            throw e;
        }
        sink.count(outcomes);
        outcomes = new FeedOutcomes();
        uncommitted = 0;
    }

    /**
     * Commits what was written.
     *
     * @throws KafkaException if Kafka did not take a record
     */
    public synchronized void finish() {
        timer.shutdown();
        if (failure.isPresent()) throw failure.get();
        if (uncommitted > 0) commit();
    }

    /** Why a commit failed; empty if none did. */
    synchronized Optional<KafkaException> failure() {
        return failure;
    }

    /** The records of the commit that failed, if one did. */
    synchronized Optional<Unresolved> unresolved() {
        return unresolved;
    }

    /** Stops committing. */
    @Override
    public synchronized void close() {
        timer.shutdown();
    }
}
