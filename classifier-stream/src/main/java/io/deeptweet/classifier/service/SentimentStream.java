// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.retry.Backoff;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;

/**
 * The topology as it runs. Faults of a broker or a registry that will come back are waited out: the thread that met one
 * is replaced after a while, and what it had not committed is done again. Any other fault stops the stream for good.
 */
final class SentimentStream implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SentimentStream.class);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final LongSupplier handled;
    private final Backoff outage = new Backoff();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long handledAtFault;

    /**
     * @param handled counts the records that have passed through the topology
     * @throws org.apache.kafka.common.KafkaException if a setting is wrong or the state's folder cannot be used
     */
    SentimentStream(Topology topology, Properties settings, LongSupplier handled) {
        this.handled = handled;
        streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(this::answer);
    }

    /** Does nothing once it is closed. */
    synchronized void start() {
        if (closing.getCount() > 0) streams.start();
    }

    /** Commits what is done and stops; within 20 s, or without. */
    @Override
    public void close() {
        closing.countDown(); // also ends the waiting for a fault to pass
        synchronized (this) {
            if (streams.close(PATIENCE_AT_CLOSE)) LOG.info("the stream has stopped, with all that it did committed");
            else LOG.warnf("the stream did not stop within %d s", PATIENCE_AT_CLOSE.toSeconds());
        }
    }

    KafkaStreams.State state() {
        return streams.state();
    }

    /** For its metrics. */
    KafkaStreams streams() {
        return streams;
    }

    /** What it waits to pass; empty if nothing, or if a record has got through since. */
    Optional<String> fault() {
        return outage.reason().filter(because -> handled.getAsLong() == handledAtFault);
    }

    /**
     * Where the instances that share the work are reached, host and port each, this one among them; as of the last
     * rebalance.
     */
    List<String> instances() {
        if (!state().isRunningOrRebalancing()) return List.of();
        return streams.metadataForAllStreamsClients().stream()
                .map(client -> client.host() + ":" + client.port())
                .sorted()
                .toList();
    }

    /** Whether it stopped for good at a fault. */
    boolean gaveUp() {
        return state() == KafkaStreams.State.ERROR || state() == KafkaStreams.State.PENDING_ERROR;
    }

    /**
     * Records of {@code tweets.raw} in this instance's partitions that it has not fetched yet; empty until it knows.
     */
    OptionalLong lag() {
        // Every partition is measured twice: newer clients name the topic as it is, older ones with underscores for
        // dots.
        return streams.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("records-lag")
                        && Topics.RAW.name().equals(metric.getKey().tags().get("topic")))
                .map(Map.Entry::getValue)
                .mapToDouble(metric -> (double) metric.metricValue())
                .filter(lag -> !Double.isNaN(lag))
                .mapToLong(lag -> (long) lag)
                .reduce(Long::sum);
    }

    private StreamThreadExceptionResponse answer(Throwable thrown) {
        String because = rootMessage(thrown);
        if (!passes(thrown)) {
            LOG.errorf(thrown, "the stream stops for good: %s", because);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        handledAtFault = handled.getAsLong();
        Backoff.Advice advice = outage.failed(because);
        if (advice.news()) LOG.errorf("the stream waits, and tries again until it succeeds: %s", because);
        LOG.debug("the fault", thrown);
        try {
            if (closing.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS))
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Kafka says of its exceptions whether trying again may help, and so does our serde. */
    private static boolean passes(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause())
            if (cause instanceof RetriableException) return true;
        return false;
    }

    /** The sentence at the bottom, without what Kafka Streams wraps it in. */
    static String rootMessage(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof StreamsException && cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
