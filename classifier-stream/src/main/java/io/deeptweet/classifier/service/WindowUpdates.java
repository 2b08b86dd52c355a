// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;

/**
 * The latest updates of windows, read from {@code sentiment.windows}: of each window the last one, of at most
 * {@value #MOST_WINDOWS} windows. Every instance reads the whole topic, so a client may go on at another one.
 * Thread-safe.
 */
final class WindowUpdates implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WindowUpdates.class);
    private static final int MOST_WINDOWS = 20_000;
    /** Records of each partition that are read at the start, so that clients of another instance can go on here. */
    private static final long READ_AT_START = 5_000;

    private static final Duration POLL = Duration.ofMillis(250);

    private final AvroDeserializer<SentimentWindow> deserializer;
    private final ReaderThread<byte[]> thread;
    private final CountDownLatch ready = new CountDownLatch(1);

    // Guarded by this.
    private final Map<String, Long> numbers = new HashMap<>();
    private final NavigableMap<Long, Update> updates = new TreeMap<>();
    private final Map<Integer, Long> next = new TreeMap<>();
    private final Map<Integer, Long> first = new HashMap<>();
    private long last;
    /** Updates up to this number may be gone that were the last ones of their window. */
    private long forgotten;

    private record Update(String key, int partition, long offset, WindowAnswer window) {}

    /**
     * Where a client is.
     *
     * @param offsets by partition of the topic: the offset of the first record that the client has not seen
     */
    record Position(Map<Integer, Long> offsets) {
        /** The position in an event's id: partition and offset, such as {@code 0-12.1-7}. */
        String id() {
            StringBuilder id = new StringBuilder();
            offsets.forEach((partition, offset) -> id.append(id.isEmpty() ? "" : ".")
                    .append(partition)
                    .append('-')
                    .append(offset));
            return id.toString();
        }

        /** Empty if it is no id of an event. */
        static Optional<Position> of(String id) {
            if (!id.matches("\\d{1,5}-\\d{1,18}(\\.\\d{1,5}-\\d{1,18}){0,999}")) return Optional.empty();
            Map<Integer, Long> offsets = new TreeMap<>();
            for (String part : id.split("\\.")) {
                String[] numbers = part.split("-");
                offsets.put(Integer.valueOf(numbers[0]), Long.valueOf(numbers[1]));
            }
            return Optional.of(new Position(offsets));
        }
    }

    /**
     * What has changed.
     *
     * @param number of the last update, to ask for those after it
     * @param position after these updates
     * @param complete false if earlier updates are no longer here
     */
    record Changes(List<WindowAnswer> windows, long number, Position position, boolean complete) {}

    WindowUpdates(Map<String, Object> kafka, SchemaIds ids) {
        deserializer = new AvroDeserializer<>(SentimentWindow.class, ids);
        thread = new ReaderThread<>(
                "window-updates",
                "updates of windows cannot be read from " + Topics.WINDOWS,
                new Backoff(),
                () -> CommittedReader.consumer(kafka),
                this::follow);
    }

    void start() {
        thread.start();
    }

    /** Waits until the first records are read, for at most a time; returns whether they are. */
    boolean awaitStart(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What has changed since an update, each window once. */
    synchronized Changes since(long number) {
        return changes(updates.tailMap(number, false).values().stream().toList(), number >= forgotten);
    }

    /** What has changed since a position. */
    synchronized Changes since(Position position) {
        boolean complete = next.keySet().stream()
                .allMatch(partition ->
                        position.offsets().getOrDefault(partition, 0L) >= first.getOrDefault(partition, 0L));
        List<Update> later = updates.values().stream()
                .filter(update -> update.offset() >= position.offsets().getOrDefault(update.partition(), 0L))
                .toList();
        return changes(later, complete);
    }

    private Changes changes(List<Update> changed, boolean complete) {
        return new Changes(
                changed.stream().map(Update::window).toList(), last, new Position(new TreeMap<>(next)), complete);
    }

    @Override
    public void close() {
        thread.close();
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.WINDOWS);
        consumer.assign(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long start = Math.max(starts.get(partition), ends.get(partition) - READ_AT_START);
            consumer.seek(partition, startAt(partition.partition(), start, ends.get(partition)));
        }
        while (!thread.isClosing()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) apply(record);
            thread.succeeded();
            if (ready.getCount() > 0
                    && partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition)))
                ready.countDown();
        }
    }

    /** Where to go on after a fault, or at the start. */
    private synchronized long startAt(int partition, long start, long end) {
        long known = next.getOrDefault(partition, -1L);
        if (known >= start && known <= end) return known;
        first.put(partition, start);
        next.put(partition, start);
        forgotten = last;
        return start;
    }

    synchronized void apply(ConsumerRecord<byte[], byte[]> record) {
        Optional<WindowAnswer> window = window(record); // fails if the registry does not answer
        next.put(record.partition(), record.offset() + 1);
        if (window.isEmpty()) return;
        String key = new String(record.key(), StandardCharsets.UTF_8);
        Long before = numbers.put(key, ++last);
        if (before != null) updates.remove(before);
        updates.put(last, new Update(key, record.partition(), record.offset(), window.get()));
        while (updates.size() > MOST_WINDOWS) {
            Map.Entry<Long, Update> oldest = updates.pollFirstEntry();
            forgotten = oldest.getKey();
            forget(oldest.getValue());
        }
    }

    /** Empty for an invalid record, and for a window that was deleted. */
    private Optional<WindowAnswer> window(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) return Optional.empty();
        try {
            return Optional.of(WindowAnswer.of(deserializer.deserialize(record.topic(), record.value())));
        } catch (SerializationException e) {
            LOG.debug("a record of the windows is ignored", e);
            return Optional.empty();
        }
    }

    private void forget(Update oldest) {
        numbers.remove(oldest.key());
        first.merge(oldest.partition(), oldest.offset() + 1, Math::max);
    }
}
