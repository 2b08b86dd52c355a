// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Finds scored tweets in {@code tweets.scored}, as far as the topic keeps them. It reads records only while somebody
 * asks, and not more than {@value #MOST_RECORDS} for one question. Tweets that were deleted at their source are left
 * out.
 */
final class TweetSearch {
    private static final int MOST_RECORDS = 100_000;
    private static final int RECORDS_AT_FIRST = 2_000;
    private static final int GROWTH = 5;
    private static final int MOST_DELETIONS = 10_000;
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private final AvroDeserializer<ScoredTweet> tweets;
    private final AvroDeserializer<DeletedTweet> deletions;

    TweetSearch(Map<String, Object> kafka, SchemaIds ids) {
        this.kafka = kafka;
        this.tweets = new AvroDeserializer<>(ScoredTweet.class, ids);
        this.deletions = new AvroDeserializer<>(DeletedTweet.class, ids);
    }

    /**
     * The answer.
     *
     * @param tweets the newest ones first
     * @param complete false if there may be more in the topic, because the search ended before
     */
    record Found(List<TweetAnswer> tweets, boolean complete) {}

    /**
     * The newest tweets.
     *
     * @param from tweets that were written before are left out; empty for none
     * @param to tweets that were written at this time or later are left out; empty for none
     * @param limit tweets at most
     * @throws KafkaException if Kafka or the registry does not answer
     */
    Found newest(Optional<Instant> from, Optional<Instant> to, Predicate<ScoredTweet> wanted, int limit) {
        try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka)) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.SCORED);
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            from.ifPresent(time -> begins.putAll(firstSince(consumer, time, begins, ends)));
            Set<String> deleted = deleted();
            Predicate<ScoredTweet> shown =
                    wanted.and(tweet -> isWithin(tweet, from, to)).and(tweet -> !deleted.contains(tweet.getId()));
            int most = MOST_RECORDS / partitions.size();
            return from.isPresent() && to.isPresent()
                    ? forwards(consumer, begins, ends, most, shown, limit)
                    : backwards(consumer, begins, ends, most, shown, limit);
        }
    }

    private static boolean isWithin(ScoredTweet tweet, Optional<Instant> from, Optional<Instant> to) {
        Instant written = tweet.getCreatedAt();
        return from.map(time -> !written.isBefore(time)).orElse(true)
                && to.map(written::isBefore).orElse(true);
    }

    /** From the first record that can be in the range: those of an earlier range may be far from the end. */
    private Found forwards(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            int most,
            Predicate<ScoredTweet> shown,
            int limit) {
        Map<TopicPartition, Long> last = new HashMap<>();
        begins.forEach((partition, begin) -> last.put(partition, Math.min(ends.get(partition), begin + most)));
        Found found = read(consumer, begins, last, shown, limit);
        return new Found(found.tweets(), found.complete() && last.equals(ends));
    }

    /** The last records, and more of them as long as these do not hold enough. */
    private Found backwards(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            int most,
            Predicate<ScoredTweet> shown,
            int limit) {
        for (int last = Math.min(most, RECORDS_AT_FIRST); ; last = Math.min(most, last * GROWTH)) {
            int records = last;
            Map<TopicPartition, Long> starts = new HashMap<>();
            begins.forEach((partition, begin) -> starts.put(partition, Math.max(begin, ends.get(partition) - records)));
            Found found = read(consumer, starts, ends, shown, limit);
            boolean all = starts.equals(begins);
            if (all || found.tweets().size() == limit || last == most)
                return new Found(found.tweets(), all && found.complete());
        }
    }

    /** A record has the time of its tweet, and no record before this offset has a later one. */
    private static Map<TopicPartition, Long> firstSince(
            Consumer<?, ?> consumer, Instant time, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        begins.keySet().forEach(partition -> asked.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> first = new HashMap<>();
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                consumer.offsetsForTimes(asked).entrySet())
            first.put(
                    found.getKey(),
                    found.getValue() == null
                            ? ends.get(found.getKey())
                            : Math.min(found.getValue().offset(), ends.get(found.getKey())));
        return first;
    }

    private Found read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Predicate<ScoredTweet> wanted,
            int limit) {
        starts.forEach(consumer::seek);
        Newest newest = new Newest(limit);
        long patientUntil = System.nanoTime() + PATIENCE.toNanos();
        while (starts.keySet().stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                patientUntil = System.nanoTime() + PATIENCE.toNanos();
                decoded(record, tweets).filter(wanted).ifPresent(newest::add);
            }
            if (System.nanoTime() > patientUntil) throw new KafkaException("no more records of tweets.scored came");
        }
        return newest.found();
    }

    /** Keeps the newest tweets alone, so that memory is bounded. */
    private static final class Newest {
        private static final Comparator<Kept> NEWEST_FIRST = Comparator.comparing(Kept::createdAt)
                .thenComparing(kept -> kept.tweet().id())
                .reversed();

        private record Kept(Instant createdAt, TweetAnswer tweet) {}

        private final int limit;
        private final Map<String, Kept> byId = new HashMap<>(); // a tweet that was replayed counts once
        private boolean complete = true;

        Newest(int limit) {
            this.limit = limit;
        }

        void add(ScoredTweet tweet) {
            byId.put(tweet.getId(), new Kept(tweet.getCreatedAt(), TweetAnswer.of(tweet)));
            if (byId.size() > 2 * limit + 1) prune();
        }

        private void prune() {
            if (byId.size() <= limit) return;
            complete = false;
            byId.values().stream()
                    .sorted(NEWEST_FIRST)
                    .skip(limit)
                    .toList()
                    .forEach(old -> byId.remove(old.tweet().id()));
        }

        Found found() {
            prune();
            return new Found(
                    byId.values().stream().sorted(NEWEST_FIRST).map(Kept::tweet).toList(), complete);
        }
    }

    private Set<String> deleted() {
        Set<String> deleted = new HashSet<>();
        CommittedReader.readLast(
                kafka,
                Topics.DELETED,
                MOST_DELETIONS,
                record -> decoded(record, deletions).ifPresent(deletion -> deleted.add(deletion.getId())));
        return deleted;
    }

    /** Empty for an invalid record, which must not hide the valid ones. */
    private static <T extends SpecificRecord> Optional<T> decoded(
            ConsumerRecord<byte[], byte[]> record, AvroDeserializer<T> decoder) {
        try {
            return Optional.ofNullable(record.value()).map(bytes -> decoder.deserialize(record.topic(), bytes));
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }
}
