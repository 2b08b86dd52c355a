// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.feed.SourceState;
import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.publish.SupersededException;
import io.deeptweet.ingest.source.SourceOutput.Recovery;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Runs a source until it has no more records, and keeps its state. If Kafka does not take records, it runs the source
 * again from the last committed position.
 */
final class SourceRun implements Runnable {
    private static final Logger LOG = Logger.getLogger(SourceRun.class);

    /** The thread that waits is not always the one that the service interrupts when it stops. */
    private static final Duration STOP_POLL = Duration.ofMillis(100);

    private final SourceTransactions.Source connection;
    private final String name;
    private final SourceState state;
    private final SourceMonitor monitor;
    private final TweetSource source;
    private final boolean fromBeginning;
    private final Duration commitInterval;
    private final Backoff backoff = new Backoff();
    private volatile boolean stopping;
    /** Changes while the source runs; guarded by this object, as is the output. */
    private SinkGroup sinks;

    private Optional<SourceOutput> output = Optional.empty();
    private SourceTransactions transactions;
    /** Whether this process has published the feed: from then on another one may have replaced it. */
    private boolean tookOver;

    private Optional<SourceOutput.Unresolved> unresolved = Optional.empty();

    SourceRun(
            SourceTransactions.Source connection,
            List<FeedSink> sinks,
            SourceState state,
            SourceMonitor monitor,
            TweetSource source,
            boolean fromBeginning,
            Duration commitInterval) {
        this.connection = connection;
        this.name = connection.feed();
        this.sinks = new SinkGroup(name, sinks);
        this.state = state;
        this.monitor = monitor;
        this.source = source;
        this.fromBeginning = fromBeginning;
        this.commitInterval = commitInterval;
    }

    @Override
    public void run() {
        try {
            while (!hasEnded()) {
                // The source runs again.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private boolean hasEnded() throws IOException, InterruptedException {
        try {
            readOn();
        } catch (InterruptedException | InterruptException e) {
            var unused = Thread.interrupted(); // if the service stops, it has said so
            awaitRetry(new KafkaException("the feed's thread was interrupted", e));
            return false;
        } catch (KafkaException e) {
            var unused = Thread.interrupted(); // the output tells the source of a failure by that
            awaitRetry(e);
            return false;
        }
        state.finish();
        for (FeedSink sink : sinks().sinks())
            LOG.infof(
                    "feed %s has finished: %d read, %d published, %d filtered, %d rejected",
                    sink.feed().name(), sink.read(), sink.published(), sink.filtered(), sink.rejected());
        return true;
    }

    private void readOn() throws IOException, InterruptedException {
        transactions = connect();
        try (SourceOutput writing = open()) {
            String position = transactions.position();
            started(position);
            try {
                source.run(writing, position);
                writing.finish();
            } catch (IOException e) {
                writing.finish(); // what precedes the fault is published
                throw e;
            } catch (InterruptedException | KafkaException e) {
                Optional<KafkaException> failure = writing.failure();
                if (failure.isEmpty() || stopping) throw e;
                throw failure.get();
            } finally {
                unresolved = writing.unresolved();
            }
        } finally {
            transactions.close();
        }
    }

    /** The output is known before the source writes to it, so that no change of the feeds is missed. */
    private synchronized SourceOutput open() {
        SourceOutput opened = new SourceOutput(
                sinks, transactions, monitor, source.canResume() ? Recovery.NONE : this::reconnect, commitInterval);
        output = Optional.of(opened);
        return opened;
    }

    private synchronized SinkGroup sinks() {
        return sinks;
    }

    /** As {@link SourceHandle#supply}. */
    void supply(List<FeedSink> feeds) {
        SinkGroup others = new SinkGroup(name, feeds);
        Optional<SourceOutput> writing;
        synchronized (this) {
            sinks = others;
            writing = output;
        }
        writing.ifPresent(open -> open.replace(others));
    }

    private SourceTransactions connect() {
        return tookOver ? connection.reconnect() : connection.takeOver(this::start);
    }

    /** For the output of a source that gives each record once, and so cannot run again. */
    private SourceTransactions reconnect(KafkaException failure) {
        KafkaException last = failure;
        while (true) {
            transactions.close();
            try {
                awaitRetry(last);
                transactions = connect();
                state.run();
                return transactions;
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                last = e;
            }
        }
    }

    private String start(String committed) {
        return startsOver() ? source.restart(committed) : committed;
    }

    private boolean startsOver() {
        return fromBeginning || !source.canResume();
    }

    private void started(String position) {
        boolean isBeginning = position.isEmpty() || (startsOver() && !tookOver);
        String described = isBeginning ? "" : source.describe(position);
        if (!tookOver) state.resumeAfter(described);
        tookOver = true;
        // The answer to the last commit was lost: if Kafka has its position, it has its records too.
        unresolved
                .filter(commit -> !position.isEmpty() && commit.position().equals(position))
                .ifPresent(SourceOutput.Unresolved::count);
        state.run();
        LOG.infof(
                "feed %s reads %s%s",
                name,
                UntrustedText.oneLine(source.describe()),
                described.isEmpty() ? "" : ", of which " + described + " have been published already");
    }

    /**
     * Waits until Kafka may take records again.
     *
     * @throws KafkaException the failure itself, if another attempt would not help
     * @throws InterruptedException if the service stops
     */
    private void awaitRetry(KafkaException e) throws InterruptedException {
        if (stopping) throw new InterruptedException("the service stops");
        if (e instanceof SupersededException || isTooLarge(e)) throw e;
        String reason = reason(e);
        state.retry(reason, isOutage(e));
        Backoff.Advice advice = backoff.failed(reason);
        if (advice.isNew())
            LOG.warnf(
                    "feed %s goes on from its last commit in %d s, because Kafka did not take its records: %s",
                    name, advice.pause().toSeconds(), UntrustedText.oneLine(reason));
        long end = System.nanoTime() + advice.pause().toNanos();
        while (!stopping && System.nanoTime() < end) Thread.sleep(STOP_POLL.toMillis());
    }

    /** Whether Kafka or the registry does not answer, as opposed to refusing this feed. */
    private static boolean isOutage(KafkaException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof RetriableException) return true;
        return false;
    }

    /** It would be too large again. */
    private static boolean isTooLarge(KafkaException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof RecordTooLargeException) return true;
        return false;
    }

    /** Producers say that they are in an error state; the cause says why. */
    private static String reason(Throwable thrown) {
        boolean hasReason =
                thrown.getCause() instanceof KafkaException && thrown.getCause().getMessage() != null;
        Throwable telling = hasReason ? thrown.getCause() : thrown;
        return Optional.ofNullable(telling.getMessage()).orElse(telling.toString());
    }

    /** Marks the feed as failed, for good. */
    void fail(Throwable thrown) {
        if (stopping) return;
        String detail = reason(thrown);
        state.fail(detail);
        LOG.errorf("feed %s failed: %s", name, UntrustedText.oneLine(detail));
    }

    /** Failures do not count any more. The caller interrupts the thread. */
    void stop() {
        stopping = true;
    }
}
