// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.TimestampedRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * The windows of one size in the stores of this instance, for queries. A window is seen once the change is committed.
 * Every method throws {@link StoreUnavailableException} if a store is not here or not ready. Thread-safe.
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
        Map<String, FeedOfPartition> feeds = new HashMap<>();
        Map<Integer, KeyValueIterator<String, FeedTime>> found =
                query(WindowProcessor.timesOf(store), RangeQuery.<String, FeedTime>withNoBounds(), partitions);
        found.forEach((partition, iterator) -> {
            try (iterator) {
                iterator.forEachRemaining(feed -> {
                    if (feed.key.compareTo(after) > 0) feeds.put(feed.key, new FeedOfPartition(partition, feed.value));
                });
            }
        });
        List<StoredWindow> newest = new ArrayList<>();
        for (String feed : feeds.keySet().stream().sorted().toList()) {
            if (newest.size() == limit) break;
            FeedOfPartition of = feeds.get(feed);
            newest.addAll(windows(feed, of.partition(), of.time(), 0, Long.MAX_VALUE, 1, false));
        }
        return newest;
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
        FeedTime time = query(WindowProcessor.timesOf(store), KeyQuery.<String, FeedTime>withKey(feed), partition);
        return Optional.ofNullable(time)
                .map(known -> windows(feed, partition, known, fromMs, toMs, limit, first).stream()
                        .sorted(Comparator.comparingLong(
                                window -> window.window().startMs()))
                        .toList());
    }

    private List<StoredWindow> windows(
            String feed, int partition, FeedTime time, long fromMs, long toMs, int limit, boolean first) {
        if (!time.hasWindows() || toMs <= fromMs) return List.of();
        TimestampedRangeQuery<FeedWindow, SentimentAggregate> range =
                TimestampedRangeQuery.withRange(new FeedWindow(feed, fromMs), new FeedWindow(feed, toMs - 1));
        long open = Math.max(time.closedToMs(), times.firstOpen(time.timeMs()));
        List<StoredWindow> windows = new ArrayList<>();
        try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> found =
                query(store, first ? range.withAscendingKeys() : range.withDescendingKeys(), partition)) {
            while (windows.size() < limit && found.hasNext()) {
                KeyValue<FeedWindow, ValueAndTimestamp<SentimentAggregate>> next = found.next();
                windows.add(new StoredWindow(next.key, next.value.value(), next.key.startMs() < open));
            }
        }
        return windows;
    }

    private <R> R query(String name, Query<R> query, int partition) {
        return query(name, query, Set.of(partition)).get(partition);
    }

    private <R> Map<Integer, R> query(String name, Query<R> query, Set<Integer> partitions) {
        Map<Integer, QueryResult<R>> results;
        try {
            results = streams.query(StateQueryRequest.inStore(name)
                            .withQuery(query)
                            .withPartitions(partitions)
                            .requireActive())
                    .getPartitionResults();
        } catch (StreamsException e) {
            throw new StoreUnavailableException("the windows cannot be read now: " + e.getMessage());
        }
        Map<Integer, R> found = new LinkedHashMap<>();
        for (int partition : partitions) {
            QueryResult<R> result = results.get(partition);
            if (result == null || result.isFailure())
                throw new StoreUnavailableException("the windows of partition " + partition + " are not here now"
                        + (result == null ? "" : ": " + result.getFailureMessage()));
            found.put(partition, result.getResult());
        }
        return found;
    }
}
