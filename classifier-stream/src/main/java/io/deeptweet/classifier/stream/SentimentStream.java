// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * Runs the topology. After a fault, the thread that met it is replaced with back-off, and its uncommitted work is
 * repeated. A broker or registry that does not answer is waited for as long as it takes. Of other faults there is a
 * limit within a time, after which the stream fails for good.
 */
public final class SentimentStream implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SentimentStream.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    /** A thread that ends for longer keeps its tasks from others. */
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    private final KafkaStreams streams;
    private final LongSupplier processed;
    private final FaultLimit limit;
    private final Runnable onFailure;
    private final AtomicBoolean reported = new AtomicBoolean();
    private final Backoff backoff = new Backoff();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long processedAtFault;

    /**
     * Prepares the stream.
     *
     * @param processed counts the records that have passed through the topology
     * @param limit of the faults other than those of a broker or registry that does not answer
     * @param onFailure is run once if the stream fails for good; must not wait for the stream
     * @throws org.apache.kafka.common.KafkaException if a setting is wrong or the state folder cannot be used
     */
    public SentimentStream(
            Topology topology, Properties settings, LongSupplier processed, FaultLimit limit, Runnable onFailure) {
        this.processed = processed;
        this.limit = limit;
        this.onFailure = onFailure;
        streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(this::handle);
        streams.setStateListener((now, before) -> {
            if (failed() && reported.compareAndSet(false, true)) onFailure.run();
        });
    }

    /** Starts the threads. Does nothing after {@link #close()}. */
    public synchronized void start() {
        if (closing.getCount() > 0) streams.start();
    }

    /** Commits the work done and stops; waits up to 20 s. */
    @Override
    public void close() {
        closing.countDown(); // also ends the back-off after a fault
        synchronized (this) {
            boolean failed = failed();
            boolean closed = streams.close(CLOSE_TIMEOUT);
            if (closed && !failed) LOG.info("the stream has stopped and committed its work");
            if (!closed) LOG.warnf("the stream did not stop within %d s", CLOSE_TIMEOUT.toSeconds());
        }
    }

    public KafkaStreams.State state() {
        return streams.state();
    }

    /** Returns the running application, for its metrics. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Returns the fault after which the stream tries again; empty if there is none or a record has passed since. */
    public Optional<String> fault() {
        return backoff.fault().filter(reason -> processed.getAsLong() == processedAtFault);
    }

    /** Returns host and port of every instance of the application, including this one, as of the last rebalance. */
    public List<String> instances() {
        if (!state().isRunningOrRebalancing()) return List.of();
        return streams.metadataForAllStreamsClients().stream()
                .map(client -> address(client.hostInfo()))
                .sorted()
                .toList();
    }

    /**
     * Who holds a partition of a store.
     *
     * @param address host and port of the instance
     */
    public record Holder(int partition, String address) {}

    /**
     * Returns who holds the partitions of a store, as of the last rebalance.
     *
     * @param store name of the store
     * @param topic that the store is filled from
     */
    public List<Holder> holders(String store, String topic) {
        if (!state().isRunningOrRebalancing()) return List.of();
        return streams.streamsMetadataForStore(store).stream()
                .flatMap(instance -> instance.topicPartitions().stream()
                        .filter(partition -> partition.topic().equals(topic))
                        .map(partition -> new Holder(partition.partition(), address(instance.hostInfo()))))
                .toList();
    }

    /** Returns who holds a key of a store, as of the last rebalance; empty while nobody does. */
    public Optional<Holder> holder(String store, String key) {
        if (!state().isRunningOrRebalancing()) return Optional.empty();
        return Optional.ofNullable(
                        streams.queryMetadataForKey(store, key, Serdes.String().serializer()))
                .filter(found -> !found.equals(KeyQueryMetadata.NOT_AVAILABLE))
                .map(found -> new Holder(found.partition(), address(found.activeHost())));
    }

    private static String address(HostInfo host) {
        String name = host.host().contains(":") ? "[" + host.host() + "]" : host.host(); // Kafka strips them
        return name + ":" + host.port();
    }

    /** Returns whether the stream has stopped for good after a fault. */
    public boolean failed() {
        return state() == KafkaStreams.State.ERROR || state() == KafkaStreams.State.PENDING_ERROR;
    }

    /**
     * Returns the number of records of {@code tweets.raw} in this instance's partitions that are not fetched yet; empty
     * until it is known.
     */
    public OptionalLong lag() {
        // Each partition has the metric twice, because older clients wrote underscores for the dots in a topic's name.
        return streams.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("records-lag")
                        && Topics.RAW.name().equals(metric.getKey().tags().get("topic")))
                .map(Map.Entry::getValue)
                .mapToDouble(metric -> (double) metric.metricValue())
                .filter(lag -> !Double.isNaN(lag))
                .mapToLong(lag -> (long) lag)
                .reduce(Long::sum);
    }

    /** Returns the message of the cause, without the exceptions that Kafka Streams wraps it in. */
    public static String rootMessage(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof StreamsException && cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private StreamThreadExceptionResponse handle(Throwable thrown) {
        String reason = rootMessage(thrown);
        boolean temporary = isTemporary(thrown);
        if (!temporary && limit.isExceeded()) {
            LOG.errorf(
                    thrown,
                    "the stream stops for good, because it had more faults than %s: %s",
                    limit,
                    UntrustedText.oneLine(reason));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        processedAtFault = processed.getAsLong();
        Backoff.Advice advice = backoff.failed(reason);
        if (advice.isNew() && temporary)
            LOG.errorf("the stream waits and retries until it succeeds: %s", UntrustedText.oneLine(reason));
        else if (advice.isNew())
            LOG.errorf(thrown, "the stream tries again after a fault: %s", UntrustedText.oneLine(reason));
        LOG.debug("the fault", thrown);
        try {
            if (closing.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS))
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        reportUnlessEnded(Thread.currentThread());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Logs where a replaced thread is if it does not end: while it holds its tasks, the stream keeps rebalancing. */
    private static void reportUnlessEnded(Thread replaced) {
        Thread waiting = new Thread(
                () -> {
                    try {
                        replaced.join(ENDS_WITHIN.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    if (!replaced.isAlive()) return;
                    Exception at = new Exception("where it is");
                    at.setStackTrace(replaced.getStackTrace());
                    LOG.errorf(
                            at,
                            "thread %s has not ended %d s after its fault, and still holds its tasks",
                            replaced.getName(),
                            ENDS_WITHIN.toSeconds());
                },
                "end of " + replaced.getName());
        waiting.setDaemon(true);
        waiting.start();
    }

    /** Kafka's exceptions say whether a retry can help, and so does our serde. */
    private static boolean isTemporary(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause())
            if (cause instanceof RetriableException) return true;
        return false;
    }
}
