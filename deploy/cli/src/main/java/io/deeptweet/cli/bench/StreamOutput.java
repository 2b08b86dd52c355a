// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.cli.record.RecordLine;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What came out of the stream, as a committed reader sees it. */
final class StreamOutput implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** So long without a record, there will be none. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** So long without a record, after all that was expected, there is none too many. */
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(1);

    private final Map<String, Object> client;
    private final Map<String, SentimentWindow> windows = new HashMap<>();
    private final Consumer<String, byte[]> windowConsumer;
    private final AvroDeserializer<SentimentWindow> windowReader;

    /** A scored tweet. */
    interface Scored {
        /** @param timestamp when it was written, ms, by the broker's clock */
        void at(int number, long timestamp);
    }

    StreamOutput(Map<String, Object> client) {
        this.client = client;
        this.windowReader = new AvroDeserializer<>(SentimentWindow.class, SchemaIds.ofRegistry(client));
        this.windowConsumer = reader(Topics.WINDOWS);
    }

    /** A reader of a whole topic, from its beginning. */
    Consumer<String, byte[]> reader(Topic topic) {
        Consumer<String, byte[]> consumer = new KafkaConsumer<>(
                CommittedReader.settings(client), new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(CommittedReader.partitions(consumer, topic));
        return consumer;
    }

    /** Reads all of {@code tweets.scored}, waiting for as many as there must be. */
    void readScored(int expected, Scored each) {
        try (Consumer<String, byte[]> consumer = reader(Topics.SCORED)) {
            int read = 0;
            for (long lastRecord = System.nanoTime();
                    System.nanoTime() - lastRecord < (read < expected ? SILENCE : SHORT_SILENCE).toNanos(); ) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    each.at(BenchTweets.number(record.key()), record.timestamp());
                    read++;
                    lastRecord = System.nanoTime();
                }
            }
        }
    }

    /**
     * Reads on until the windows of every size count so many tweets, or no more come.
     *
     * @return when the last record that was read was written, ms
     */
    long awaitWindows(int tweets) {
        long last = 0;
        for (long lastRecord = System.nanoTime(); System.nanoTime() - lastRecord < SILENCE.toNanos(); ) {
            for (ConsumerRecord<String, byte[]> record : windowConsumer.poll(POLL)) {
                windows.put(record.key(), windowReader.deserialize(record.topic(), record.value()));
                last = Math.max(last, record.timestamp());
                lastRecord = System.nanoTime();
            }
            Map<Duration, Long> counted = countedBySize();
            if (!counted.isEmpty() && counted.values().stream().allMatch(count -> count == tweets)) break;
        }
        return last;
    }

    /** Which tweets did not come out once, and which were not counted, in sentences. */
    List<String> lost(int sent) {
        List<String> lost = new ArrayList<>();
        BitSet seen = new BitSet(sent);
        BitSet doubled = new BitSet(sent);
        readScored(sent, (number, timestamp) -> {
            if (seen.get(number)) doubled.set(number);
            seen.set(number);
        });
        if (seen.cardinality() != sent)
            lost.add(sent - seen.cardinality() + " of " + sent + " tweets did not come out");
        if (!doubled.isEmpty()) lost.add(doubled.cardinality() + " tweets came out more than once");
        awaitWindows(sent);
        countedBySize().forEach((size, count) -> {
            if (count != sent)
                lost.add("the windows of " + RecordLine.brief(size) + " count " + count + " of " + sent + " tweets");
        });
        return lost;
    }

    private Map<Duration, Long> countedBySize() {
        Map<Duration, Long> counted = new TreeMap<>();
        for (SentimentWindow window : windows.values())
            counted.merge(Duration.between(window.getStart(), window.getEnd()), window.getCount(), Long::sum);
        return counted;
    }

    @Override
    public void close() {
        windowConsumer.close();
    }
}
