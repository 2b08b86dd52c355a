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
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Finds scored tweets in {@code tweets.scored}, as far as the topic keeps them. It reads records only while somebody
 * asks: at most {@value #MOST_RECORDS} from a time on, and as many from the end backwards. Tweets that were deleted at
 * their source are left out.
 */
final class TweetSearch {
    private static final int MOST_RECORDS = 100_000;
    private static final int RECORDS_AT_FIRST = 2_000;
    private static final int GROWTH = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

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
        try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka, ANSWERED_WITHIN)) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.SCORED);
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            from.ifPresent(time -> begins.putAll(firstSince(consumer, time, begins, ends)));
            Predicate<ScoredTweet> shown = wanted.and(tweet -> isWithin(tweet, from, to));
            int most = MOST_RECORDS / partitions.size();
            Newest newest = new Newest(limit);
            boolean complete =
                    from.isPresent() && to.isPresent() && forwards(consumer, begins, ends, most, shown, newest);
            // Tweets of a replay, or that waited for long, were appended later than others of their time.
            if (!complete && !newest.isFull()) complete = backwards(consumer, begins, ends, most, shown, newest);
            return withoutDeleted(newest.found(), complete && !newest.hasDropped());
        }
    }

    private static boolean isWithin(ScoredTweet tweet, Optional<Instant> from, Optional<Instant> to) {
        Instant written = tweet.getCreatedAt();
        return from.map(time -> !written.isBefore(time)).orElse(true)
                && to.map(written::isBefore).orElse(true);
    }

    /** From the first record that can be in the range: those of an earlier range may be far from the end. */
    private boolean forwards(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            int most,
            Predicate<ScoredTweet> shown,
            Newest newest) {
        Map<TopicPartition, Long> last = new HashMap<>();
        begins.forEach((partition, begin) -> last.put(partition, Math.min(ends.get(partition), begin + most)));
        read(consumer, begins, last, shown, newest);
        return last.equals(ends);
    }

    /** The last records, and more of them as long as these do not hold enough. */
    private boolean backwards(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            int most,
            Predicate<ScoredTweet> shown,
            Newest newest) {
        Map<TopicPartition, Long> until = ends;
        for (int last = Math.min(most, RECORDS_AT_FIRST); ; last = Math.min(most, last * GROWTH)) {
            int records = last;
            Map<TopicPartition, Long> starts = new HashMap<>();
            begins.forEach((partition, begin) -> starts.put(partition, Math.max(begin, ends.get(partition) - records)));
            read(consumer, starts, until, shown, newest);
            if (starts.equals(begins)) return true;
            if (newest.isFull() || last == most) return false;
            until = starts;
        }
    }

    /** A record has the time at which it was appended, which is not before its tweet was written. */
    private static Map<TopicPartition, Long> firstSince(
            Consumer<?, ?> consumer, Instant time, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        long sinceMs = Math.max(0, time.toEpochMilli()); // earlier ones, which others may write, Kafka refuses
        begins.keySet().forEach(partition -> asked.put(partition, sinceMs));
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

    private void read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Predicate<ScoredTweet> wanted,
            Newest newest) {
        CommittedReader.read(
                consumer,
                Topics.SCORED,
                starts,
                ends,
                PATIENCE,
                record -> decoded(record, tweets).filter(wanted).ifPresent(newest::add));
    }

    /** A tweet is deleted after it was written, and most are soon. */
    private Found withoutDeleted(List<Newest.Kept> found, boolean complete) {
        Set<String> ids = found.stream().map(kept -> kept.tweet().id()).collect(Collectors.toSet());
        Optional<Instant> oldest = found.stream().map(Newest.Kept::createdAt).min(Comparator.naturalOrder());
        Set<String> deleted = oldest.map(time -> deletedSince(time, ids)).orElse(Set.of());
        return new Found(
                found.stream()
                        .map(Newest.Kept::tweet)
                        .filter(tweet -> !deleted.contains(tweet.id()))
                        .toList(),
                complete);
    }

    private Set<String> deletedSince(Instant time, Set<String> ids) {
        Set<String> deleted = new HashSet<>();
        try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka, ANSWERED_WITHIN)) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.DELETED);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> starts = firstSince(consumer, time, consumer.beginningOffsets(partitions), ends);
            int most = MOST_RECORDS / partitions.size();
            ends.replaceAll((partition, end) -> Math.min(end, starts.get(partition) + most));
            CommittedReader.read(
                    consumer,
                    Topics.DELETED,
                    starts,
                    ends,
                    PATIENCE,
                    record -> decoded(record, deletions)
                            .map(DeletedTweet::getId)
                            .filter(ids::contains)
                            .ifPresent(deleted::add));
        }
        return deleted;
    }

    /** Keeps the newest tweets alone, so that memory is bounded. */
    private static final class Newest {
        private static final Comparator<Kept> NEWEST_FIRST = Comparator.comparing(Kept::createdAt)
                .thenComparing(kept -> kept.tweet().id())
                .reversed();

        record Kept(Instant createdAt, TweetAnswer tweet) {}

        private final int limit;
        private final Map<String, Kept> byId = new HashMap<>(); // a tweet that was replayed counts once
        private boolean dropped;

        Newest(int limit) {
            this.limit = limit;
        }

        void add(ScoredTweet tweet) {
            byId.put(tweet.getId(), new Kept(tweet.getCreatedAt(), TweetAnswer.of(tweet)));
            if (byId.size() > 2 * limit + 1) prune();
        }

        private void prune() {
            if (byId.size() <= limit) return;
            dropped = true;
            byId.values().stream()
                    .sorted(NEWEST_FIRST)
                    .skip(limit)
                    .toList()
                    .forEach(old -> byId.remove(old.tweet().id()));
        }

        boolean isFull() {
            return byId.size() >= limit;
        }

        /** Whether there are more than the limit. */
        boolean hasDropped() {
            return dropped;
        }

        List<Kept> found() {
            prune();
            return byId.values().stream().sorted(NEWEST_FIRST).toList();
        }
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
