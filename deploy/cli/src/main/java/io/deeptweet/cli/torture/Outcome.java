// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the topics hold of a run, as a committed reader sees it. Reads on with each {@link #read}. */
final class Outcome implements AutoCloseable {
    static final List<Duration> WINDOW_SIZES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Pattern MARKER = Pattern.compile(
            "(" + SentRecords.INVALID + "|" + SentRecords.GARBAGE + "|" + SentRecords.SPOILED + ")(\\d{1,9})");

    /** A window, by what its key says. */
    record WindowKey(String feed, Duration size, Instant start) {
        @Override
        public String toString() {
            return feed + "/" + size + "/" + start;
        }
    }

    private final Consumer<byte[], byte[]> consumer;
    private final AvroDeserializer<ScoredTweet> tweetReader;
    private final AvroDeserializer<SentimentWindow> windowReader;
    private final AvroDeserializer<TrainingRound> roundReader;

    private final Counts published = new Counts();
    private final Counts scored = new Counts();
    private final Counts replayed = new Counts();
    private final Counts replayedScored = new Counts();
    private final Map<String, Counts> rejected = Map.of(
            SentRecords.INVALID, new Counts(), SentRecords.GARBAGE, new Counts(), SentRecords.SPOILED, new Counts());
    private final List<String> unknown = new ArrayList<>();
    private final Map<WindowKey, Long> expected = new HashMap<>();
    private final Map<WindowKey, Long> counted = new HashMap<>();
    private final Map<Integer, List<TrainingRound>> rounds = new TreeMap<>();

    /** @param client settings of Kafka's and the registry's clients */
    Outcome(Map<String, String> client) {
        this(CommittedReader.consumer(client), SchemaIds.ofRegistry(client));
    }

    Outcome(Consumer<byte[], byte[]> consumer, SchemaIds ids) {
        this.consumer = consumer;
        tweetReader = new AvroDeserializer<>(ScoredTweet.class, ids);
        windowReader = new AvroDeserializer<>(SentimentWindow.class, ids);
        roundReader = new AvroDeserializer<>(TrainingRound.class, ids);
        consumer.assign(Stream.of(Topics.RAW, Topics.SCORED, Topics.REJECTED, Topics.WINDOWS, Topics.ROUNDS)
                .flatMap(topic -> CommittedReader.partitions(consumer, topic).stream())
                .toList());
        consumer.seekToBeginning(consumer.assignment());
    }

    /**
     * Reads what has come since the last time.
     *
     * @return whether anything had
     */
    boolean read() {
        boolean any = false;
        for (var records = consumer.poll(POLL); !records.isEmpty(); records = consumer.poll(POLL)) {
            records.forEach(this::take);
            any = true;
        }
        return any;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topics.RAW.name())) {
            String id = text(record.key());
            if (SentRecords.number(id) >= 0) published.add(SentRecords.number(id));
            if (SentRecords.line(id) >= 0) replayed.add(SentRecords.line(id));
        } else if (record.topic().equals(Topics.SCORED.name())) {
            takeScored(tweetReader.deserialize(record.topic(), record.value()));
        } else if (record.topic().equals(Topics.WINDOWS.name())) {
            SentimentWindow window = windowReader.deserialize(record.topic(), record.value());
            Duration size = Duration.between(window.getStart(), window.getEnd());
            counted.put(new WindowKey(window.getFeed(), size, window.getStart()), window.getCount());
        } else if (record.topic().equals(Topics.ROUNDS.name())) {
            TrainingRound round = roundReader.deserialize(record.topic(), record.value());
            rounds.computeIfAbsent(round.getNumber(), absent -> new ArrayList<>())
                    .add(round);
        } else {
            takeRejected(text(record.value()));
        }
    }

    private void takeScored(ScoredTweet tweet) {
        int line = SentRecords.line(tweet.getId());
        int number = line >= 0 ? line : SentRecords.number(tweet.getId());
        if (number < 0) {
            unknown.add("scored: " + tweet.getId());
            return;
        }
        Counts counts = line >= 0 ? replayedScored : scored;
        boolean isFirst = counts.of(number) == 0;
        counts.add(number);
        if (!isFirst) return;
        for (Duration size : WINDOW_SIZES) {
            long millis = tweet.getCreatedAt().toEpochMilli();
            Instant start = Instant.ofEpochMilli(millis - millis % size.toMillis());
            expected.merge(new WindowKey(tweet.getFeed(), size, start), 1L, Long::sum);
        }
    }

    private void takeRejected(String value) {
        Matcher marker = MARKER.matcher(value);
        if (marker.find()) rejected.get(marker.group(1)).add(Integer.parseInt(marker.group(2)));
        else unknown.add("rejected: " + value);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** How often each tweet is on {@code tweets.raw}: more than once if a request was repeated. */
    Counts published() {
        return published;
    }

    Counts scored() {
        return scored;
    }

    /** How often each line of the replayed file is on {@code tweets.raw}. */
    Counts replayed() {
        return replayed;
    }

    /** How often each line of the replayed file was scored. */
    Counts replayedScored() {
        return replayedScored;
    }

    /** @param prefix which kind of invalid records, see {@link SentRecords} */
    Counts rejected(String prefix) {
        return rejected.get(prefix);
    }

    /** Records that the run did not send. */
    List<String> unknown() {
        return unknown;
    }

    /** How many of the scored tweets belong into each window. */
    Map<WindowKey, Long> expectedWindows() {
        return expected;
    }

    /** How many tweets each window counts, by its last record. */
    Map<WindowKey, Long> countedWindows() {
        return counted;
    }

    /** The records of each round, by its number. */
    Map<Integer, List<TrainingRound>> rounds() {
        return rounds;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
