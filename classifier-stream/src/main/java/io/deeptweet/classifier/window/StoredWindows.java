// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.TimestampedRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * The windows of one size in the stores of this instance, for queries. A window is seen once the change is committed.
 * Every method throws {@link UnavailableException} if a store is not here or not ready. Thread-safe.
 *
 * @param streams the running application
 * @param store name of the store of windows
 * @param times of the windows
 */
public record StoredWindows(KafkaStreams streams, String store, WindowTimes times) {
    /**
     * A window.
     *
     * @param closed whether these are the final results
     */
    public record StoredWindow(FeedWindow window, SentimentAggregate sum, boolean closed) {}

    /**
     * The newest window of each feed, in the order of the feeds' names.
     *
     * @param partitions whose feeds are asked for
     * @param after feeds up to this name are left out; empty for none
     * @param limit feeds at most
     */
    public List<StoredWindow> newest(Set<Integer> partitions, String after, int limit) {
        return read(() -> {
            Map<String, FeedOfPartition> feeds = new TreeMap<>();
            times(RangeQuery.withNoBounds(), partitions, (partition, feed) -> {
                if (feed.key.compareTo(after) > 0) feeds.put(feed.key, new FeedOfPartition(partition, feed.value));
            });
            List<StoredWindow> newest = new ArrayList<>();
            for (Map.Entry<String, FeedOfPartition> feed : feeds.entrySet()) {
                if (newest.size() == limit) break;
                FeedOfPartition of = feed.getValue();
                newest.addAll(windows(feed.getKey(), of.partition(), of.time(), 0, Long.MAX_VALUE, 1, false));
            }
            return newest;
        });
    }

    private record FeedOfPartition(int partition, FeedTime time) {}

    /**
     * Windows of a feed, in the order of time; empty if there is no such feed.
     *
     * @param partition of the feed
     * @param fromMs first start, in ms since 1970, not negative
     * @param toMs windows that start at this time or later are left out
     * @param limit windows at most
     * @param first whether to leave out the last windows if there are more, or else the first ones
     */
    public Optional<List<StoredWindow>> of(
            String feed, int partition, long fromMs, long toMs, int limit, boolean first) {
        return read(() -> {
            List<FeedTime> time = new ArrayList<>(1);
            // Not by a query of the key, which would see what is not committed, while the windows below are.
            times(RangeQuery.withRange(feed, feed), Set.of(partition), (number, found) -> time.add(found.value));
            return time.stream()
                    .findFirst()
                    .map(known -> windows(feed, partition, known, fromMs, toMs, limit, first).stream()
                            .sorted(Comparator.comparingLong(
                                    window -> window.window().startMs()))
                            .toList());
        });
    }

    private void times(
            RangeQuery<String, FeedTime> query,
            Set<Integer> partitions,
            BiConsumer<Integer, KeyValue<String, FeedTime>> each) {
        Map<Integer, KeyValueIterator<String, FeedTime>> found =
                query(WindowProcessor.timesOf(store), query, partitions);
        try {
            found.forEach((partition, feeds) -> feeds.forEachRemaining(feed -> each.accept(partition, feed)));
        } finally {
            found.values().forEach(KeyValueIterator::close);
        }
    }

    private List<StoredWindow> windows(
            String feed, int partition, FeedTime time, long fromMs, long toMs, int limit, boolean first) {
        if (!time.hasWindows() || toMs <= fromMs) return List.of();
        TimestampedRangeQuery<FeedWindow, SentimentAggregate> range =
                TimestampedRangeQuery.withRange(new FeedWindow(feed, fromMs), new FeedWindow(feed, toMs - 1));
        long open = Math.max(time.closedToMs(), times.firstOpen(time.timeMs()));
        List<StoredWindow> windows = new ArrayList<>();
        try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> found = query(
                        store, first ? range.withAscendingKeys() : range.withDescendingKeys(), Set.of(partition))
                .get(partition)) {
            while (windows.size() < limit && found.hasNext()) {
                KeyValue<FeedWindow, ValueAndTimestamp<SentimentAggregate>> next = found.next();
                windows.add(new StoredWindow(next.key, next.value.value(), next.key.startMs() < open));
            }
        }
        return windows;
    }

    /** A store can move to another instance while it is read. */
    private static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (StreamsException e) {
            throw new UnavailableException("the windows cannot be read now: " + e.getMessage());
        }
    }

    /** An iterator for each partition, which the caller closes. */
    private <K, V> Map<Integer, KeyValueIterator<K, V>> query(
            String name, Query<KeyValueIterator<K, V>> query, Set<Integer> partitions) {
        Map<Integer, QueryResult<KeyValueIterator<K, V>>> results = streams.query(StateQueryRequest.inStore(name)
                        .withQuery(query)
                        .withPartitions(partitions)
                        .requireActive())
                .getPartitionResults();
        Map<Integer, KeyValueIterator<K, V>> found = new LinkedHashMap<>();
        results.forEach((partition, result) -> {
            if (result.isSuccess()) found.put(partition, result.getResult());
        });
        if (found.keySet().containsAll(partitions)) return found;
        found.values().forEach(KeyValueIterator::close);
        throw new UnavailableException("the windows of some partitions are not here now");
    }
}
