// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.retry;

import io.deeptweet.schemas.text.UntrustedText;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * A daemon thread that reads topics for as long as the service runs. After a fault it starts again with a new consumer
 * and with back-off; the fault is logged once and shown by {@link #fault()}. Thread-safe.
 *
 * @param <K> type of the records' keys
 */
public final class ReaderThread<K> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReaderThread.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String purpose;
    private final Backoff backoff;
    private final Supplier<? extends Consumer<K, byte[]>> consumers;
    private final java.util.function.Consumer<? super Consumer<K, byte[]>> reading;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<Consumer<K, byte[]>> polling = Optional.empty();

    /**
     * Prepares the thread; {@link #start()} starts it.
     *
     * @param name of the thread
     * @param purpose what it does, to say that it fails: "models cannot be read from sentiment.models"
     * @param backoff how long it waits after a fault
     * @param consumers makes the consumer of each attempt
     * @param reading polls the consumer until {@link #isClosing()}; on the thread
     */
    public ReaderThread(
            String name,
            String purpose,
            Backoff backoff,
            Supplier<? extends Consumer<K, byte[]>> consumers,
            java.util.function.Consumer<? super Consumer<K, byte[]>> reading) {
        this.purpose = purpose;
        this.backoff = backoff;
        this.consumers = consumers;
        this.reading = reading;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits, but not beyond {@link #close()}. */
    public void await(Duration pause) {
        try {
            closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called by the reading while it succeeds: ends the fault. */
    public void succeeded() {
        backoff.succeeded();
    }

    /** Returns the fault that keeps it from reading; empty if there is none. */
    public Optional<String> fault() {
        return backoff.fault();
    }

    /** Ends the thread; waits up to 10 s. */
    @Override
    public void close() {
        closing.countDown();
        polling.ifPresent(Consumer::wakeup);
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosing()) {
            try (Consumer<K, byte[]> consumer = consumers.get()) {
                polling = Optional.of(consumer);
                reading.accept(consumer);
            } catch (WakeupException e) {
                // closing
            } catch (RuntimeException | Error e) { // no fault may end the reading for good
                pause(e);
            }
        }
    }

    private void pause(Throwable fault) {
        if (isClosing()) return;
        String reason = fault instanceof KafkaException ? String.valueOf(fault.getMessage()) : fault.toString();
        Backoff.Advice advice = backoff.failed(reason);
        if (advice.isNew()) LOG.errorf("%s; retrying until it succeeds: %s", purpose, UntrustedText.oneLine(reason));
        LOG.debug("the fault", fault);
        await(advice.pause());
    }
}
