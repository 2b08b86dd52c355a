// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedOutcomes;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.tweet.ParsedTweet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Where a source writes its records. Commits them with their position in transactions of at most {@value #MOST_RECORDS}
 * records and {@value #MOST_BYTES} bytes, and none waits longer than an interval, even if the source waits for its next
 * one. If a commit fails, the source's thread is interrupted, and runs again from the last position; the records of a
 * source that gives each of them once are kept until they are committed, and sent again. For the thread that made it.
 */
public final class SourceOutput implements AutoCloseable {
    static final int MOST_RECORDS = 10_000;
    static final long MOST_BYTES = 16L << 20;

    /** What to do about Kafka's failures for a source that gives each record once. */
    public interface Recovery {
        /** For a source that reads its records again. */
        Recovery NONE = failure -> {
            throw failure;
        };

        /**
         * Closes the transactions that have failed, and waits until there are new ones.
         *
         * @throws KafkaException if there will be none
         */
        SourceTransactions reconnect(KafkaException failure);
    }

    /** Records whose commit failed without telling whether Kafka has them. */
    record Unresolved(SinkGroup sinks, List<FeedOutcomes> outcomes, String position) {
        /** Kafka has them. */
        void count() {
            sinks.count(outcomes);
        }
    }

    /**
     * A record, or a part of one.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     */
    public record Item(ParsedTweet parsed, byte[] bytes, String origin) {}

    private final String name;
    private final SourceMonitor monitor;
    private final Recovery recovery;
    private final Thread source = Thread.currentThread();
    private final ScheduledExecutorService timer;
    private final List<Item> kept = new ArrayList<>();
    private SourceTransactions transactions;
    private SinkGroup sinks;
    private List<FeedOutcomes> outcomes;
    private Supplier<String> position = () -> "";
    private long uncommitted;
    private long uncommittedBytes;
    private boolean closed;
    private Optional<KafkaException> failure = Optional.empty();
    private Optional<Unresolved> unresolved = Optional.empty();

    /** @param interval how long a record waits for its commit at most, apart from the time that a commit takes */
    public SourceOutput(
            SinkGroup sinks,
            SourceTransactions transactions,
            SourceMonitor monitor,
            Recovery recovery,
            Duration interval) {
        this.name = sinks.name();
        this.sinks = sinks;
        this.monitor = monitor;
        outcomes = sinks.noOutcomes();
        this.transactions = transactions;
        this.recovery = recovery;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "commit-" + name);
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(
                this::commitInTime, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The name of the source in the settings, or of its only feed. */
    public String name() {
        return name;
    }

    /** What a live source tells how it is. */
    public SourceMonitor monitor() {
        return monitor;
    }

    /**
     * Writes a record. Blocks while Kafka is slow.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @param reached the source's position after this record; called later, by another thread
     * @throws KafkaException if Kafka did not take an earlier record
     */
    public void write(ParsedTweet parsed, byte[] bytes, String origin, Supplier<String> reached) {
        write(List.of(new Item(parsed, bytes, origin)), reached);
    }

    /**
     * Writes records that are committed together, because the source has no position between them. Blocks while Kafka
     * is slow.
     *
     * @param reached the source's position after them; called later, by another thread
     * @throws KafkaException if Kafka did not take an earlier record
     */
    public synchronized void write(List<Item> items, Supplier<String> reached) {
        if (failure.isPresent()) throw failure.get();
        if (sinks.sinks().isEmpty()) return; // not even the position: they are for whoever resumes the source
        position = reached;
        for (Item item : items) {
            uncommitted++;
            uncommittedBytes += item.bytes().length;
            if (recovery != Recovery.NONE) kept.add(item);
            try {
                sinks.write(transactions, item.parsed(), item.bytes(), item.origin(), outcomes);
            } catch (KafkaException e) {
                recover(e, "");
            }
        }
        if (uncommitted >= MOST_RECORDS || uncommittedBytes >= MOST_BYTES) commit();
    }

    /**
     * Commits what was written for the feeds so far, and writes what comes to others. Blocks while Kafka is slow. If
     * Kafka does not take a record, the source reads it again, for the others.
     */
    public synchronized void replace(SinkGroup others) {
        commitInTime();
        sinks = others;
        outcomes = others.noOutcomes();
    }

    private synchronized void commitInTime() {
        if (closed || uncommitted == 0 || failure.isPresent()) return;
        try {
            commit();
        } catch (Throwable e) {
            // Otherwise the timer would end, and the source wait for its next record with nothing committed.
            if (failure.isEmpty()) failure = Optional.of(new KafkaException("the commit failed: " + e, e));
            source.interrupt();
        }
    }

    private void commit() {
        String reached = position.get();
        boolean committed = false;
        while (!committed) {
            try {
                transactions.commit(reached);
                committed = true;
            } catch (KafkaException e) {
                unresolved = Optional.of(new Unresolved(sinks, outcomes, reached));
                committed = recover(e, reached);
            }
        }
        unresolved = Optional.empty();
        sinks.count(outcomes);
        outcomes = sinks.noOutcomes();
        uncommitted = 0;
        uncommittedBytes = 0;
        kept.clear();
    }

    /**
     * Sends what was kept in new transactions.
     *
     * @param reached the position that was to be committed; empty if none was
     * @return whether Kafka had taken everything, and only its answer was lost
     */
    private boolean recover(KafkaException cause, String reached) {
        KafkaException last = cause;
        try {
            while (true) {
                transactions = recovery.reconnect(last);
                if (!reached.isEmpty() && transactions.position().equals(reached)) return true;
                outcomes = sinks.noOutcomes();
                try {
                    for (Item record : kept)
                        sinks.write(transactions, record.parsed(), record.bytes(), record.origin(), outcomes);
                    return false;
                } catch (KafkaException e) {
                    last = e;
                }
            }
        } catch (KafkaException e) {
            failure = Optional.of(e);
            throw e;
        }
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

    /** Stops committing. The source's thread is not interrupted any more. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdown();
    }
}
