// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The alerts of {@code sentiment.alerts}: those that are active, and the last {@value #MOST_RECENT} that fired or
 * cleared. Every instance reads the whole topic, so that all give the same answers. Thread-safe.
 */
final class AlertLog implements AutoCloseable {
    private static final int MOST_RECENT = 1_000;
    private static final int MOST_ACTIVE = 10_000;
    private static final Duration POLL = Duration.ofMillis(500);

    private final AlertReader alerts;
    private final ReaderThread<byte[]> thread;
    private final Map<Integer, Long> next = new HashMap<>(); // used by the thread only
    private volatile boolean ready;

    // Guarded by this.
    private final Map<String, Alert> active = new LinkedHashMap<>();
    private final NavigableMap<Place, Alert> recent = new TreeMap<>();

    /** Partitions are read one after the other, so alerts are ordered by the time at which they were appended. */
    private record Place(long appendedAtMs, int partition, long offset) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingLong(Place::appendedAtMs)
                .thenComparingInt(Place::partition)
                .thenComparingLong(Place::offset);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    AlertLog(Map<String, Object> kafka, SchemaIds ids) {
        alerts = new AlertReader(ids);
        thread = new ReaderThread<>(
                "alert-log",
                "alerts cannot be read from " + Topics.ALERTS,
                new Backoff(),
                () -> CommittedReader.consumer(kafka),
                this::follow);
    }

    void start() {
        thread.start();
    }

    /** Whether the topic was read to its end. */
    boolean isReady() {
        return ready;
    }

    /** Returns the alerts that have fired and not cleared, the latest first. */
    synchronized List<Alert> active() {
        return active.values().stream()
                .sorted(Comparator.comparing(Alert::getFiredAt).reversed())
                .toList();
    }

    /** Returns the last alerts that fired or cleared, the latest first. */
    synchronized List<Alert> recent(Predicate<Alert> wanted, int limit) {
        return recent.descendingMap().values().stream()
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.ALERTS);
        consumer.assign(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        begins.forEach((partition, begin) ->
                consumer.seek(partition, Math.max(begin, next.getOrDefault(partition.partition(), 0L))));
        while (!thread.isClosing()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Place place = new Place(record.timestamp(), record.partition(), record.offset());
                alerts.read(record).ifPresent(alert -> add(place, alert));
                next.put(record.partition(), record.offset() + 1);
            }
            thread.succeeded();
            if (!ready) ready = partitions.stream().allMatch(each -> consumer.position(each) >= ends.get(each));
        }
    }

    private synchronized void add(Place place, Alert alert) {
        recent.put(place, alert);
        if (recent.size() > MOST_RECENT) recent.pollFirstEntry();
        if (alert.getState() == AlertState.CLEARED) active.remove(AlertAnswers.key(alert));
        else if (active.size() < MOST_ACTIVE) active.put(AlertAnswers.key(alert), alert);
    }
}
