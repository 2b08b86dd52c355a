// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.classifier.commit.CommitStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Windows of one size, tumbling or hopping, by the time of each feed: a window closes when the time of its own feed's
 * tweets passes its end plus grace. Kafka Streams' windows close by the time of the partition, so a live feed would
 * close the windows of another feed's replay.
 *
 * <p>Changed windows are forwarded every 100 ms. Which ones those are, and the time of each feed, is in a store, so
 * that a restart continues identically: no change stays unpublished, and a late tweet does not open its window again.
 *
 * <p>A window is forwarded once more when it closes, and kept for queries until its retention has passed.
 *
 * <p>A feed without tweets for as long as a window is open, by the clock, is taken to have ended: its windows close,
 * and are deleted after the retention. Its time is remembered for another {@link #REMEMBERED}. Of more than
 * {@link #MOST_FEEDS} feeds in a partition, those are forgotten that had no tweets for the longest time.
 */
public final class WindowProcessor implements Processor<String, SentimentAggregate, FeedWindow, WindowUpdate> {
    /** As long as {@code sentiment.windows} keeps a window. */
    static final Duration REMEMBERED = Duration.ofDays(90);

    private static final Duration PUBLISHED_EVERY = Duration.ofMillis(100);
    private static final Duration ENDED_FEEDS_EVERY = Duration.ofMinutes(1);

    /** How many feeds are followed at once: their names come from whoever may write tweets. */
    static final int MOST_FEEDS = 10_000;

    /** The list of a feed's unpublished windows is written with each change, so it is short. */
    private static final int MOST_UNPUBLISHED = 64;

    /** Is notified of late tweets and of feeds beyond the limit. */
    public interface Observer {
        /** For windows beside others that report the same. */
        Observer NONE = new Observer() {
            @Override
            public void late(Duration size, long tweets) {}

            @Override
            public void forgotten(Duration size, int feeds) {}
        };

        /**
         * A record was dropped.
         *
         * @param size size of the window that has closed
         * @param tweets how many tweets the record holds
         */
        void late(Duration size, long tweets);

        /**
         * Feeds were forgotten, because there are too many: their windows of this size are closed, and count from zero
         * if more tweets come.
         */
        void forgotten(Duration size, int feeds);
    }

    private final WindowTimes window;
    private final String name;
    private final Observer observer;
    /** The contents of the store of times. */
    private final Map<String, FeedTime> feeds = new HashMap<>();

    private ProcessorContext<FeedWindow, WindowUpdate> context;
    private TimestampedKeyValueStore<FeedWindow, SentimentAggregate> windows;
    private KeyValueStore<String, FeedTime> times;
    private long startedAtMs;

    private WindowProcessor(String name, WindowTimes window, Observer observer) {
        this.name = name;
        this.window = window;
        this.observer = observer;
    }

    /**
     * Returns the processor and its stores.
     *
     * @param name of the store of windows, and part of that of times; state is found by it
     * @param window when windows close and are deleted
     * @param stores where windows are kept
     */
    public static ProcessorSupplier<String, SentimentAggregate, FeedWindow, WindowUpdate> of(
            String name, WindowTimes window, DslStoreSuppliers stores, Observer observer) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, SentimentAggregate, FeedWindow, WindowUpdate> get() {
                return new WindowProcessor(name, window, observer);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(
                        Stores.timestampedKeyValueStoreBuilder(
                                        stores.keyValueStore(new DslKeyValueParams(name, true)),
                                        FeedWindow.serde(),
                                        new SentimentAggregateSerde())
                                .withCachingEnabled(),
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(timesOf(name)), Serdes.String(), FeedTime.serde())
                                .withCachingEnabled()
                                .withLoggingEnabled(CommitStore.SMALL_SEGMENTS));
            }
        };
    }

    @Override
    public void init(ProcessorContext<FeedWindow, WindowUpdate> context) {
        this.context = context;
        windows = context.getStateStore(name);
        times = context.getStateStore(timesOf(name));
        startedAtMs = context.currentSystemTimeMs();
        feeds.clear();
        try (KeyValueIterator<String, FeedTime> restored = times.all()) {
            restored.forEachRemaining(feed -> feeds.put(feed.key, feed.value));
        }
        context.schedule(PUBLISHED_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> publishAll());
        context.schedule(ENDED_FEEDS_EVERY, PunctuationType.WALL_CLOCK_TIME, this::endFeeds);
    }

    @Override
    public void process(Record<String, SentimentAggregate> record) {
        String feed = record.key();
        if (feeds.size() >= MOST_FEEDS && !feeds.containsKey(feed)) forgetLongestQuiet();
        FeedTime time =
                feeds.getOrDefault(feed, FeedTime.start()).seen(record.timestamp(), context.currentSystemTimeMs());
        long firstOpen = Math.max(time.closedToMs(), window.firstOpen(time.timeMs()));
        long[] starts = window.startsOf(record.timestamp()).toArray();
        if (starts[0] < firstOpen) observer.late(window.size(), record.value().count());
        for (long start : starts) {
            if (start < firstOpen) continue;
            add(new FeedWindow(feed, start), record);
            time = time.changed(start);
        }
        keep(feed, time);
        if (time.unpublished().size() >= MOST_UNPUBLISHED) publish(feed);
    }

    private void add(FeedWindow key, Record<String, SentimentAggregate> record) {
        ValueAndTimestamp<SentimentAggregate> before = windows.get(key);
        windows.put(
                key,
                before == null
                        ? ValueAndTimestamp.make(record.value(), record.timestamp())
                        : ValueAndTimestamp.make(
                                before.value().plus(record.value()), Math.max(before.timestamp(), record.timestamp())));
    }

    private void publishAll() {
        List<String> changed = feeds.entrySet().stream()
                .filter(feed -> !feed.getValue().unpublished().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        changed.forEach(this::publish);
    }

    /** Forwards the windows of a feed that have closed or changed, then deletes those whose retention has passed. */
    private void publish(String feed) {
        close(feed, window.firstOpen(feeds.get(feed).timeMs()));
        FeedTime time = feeds.get(feed);
        for (long start : time.unpublished())
            if (start >= time.closedToMs()) {
                FeedWindow changed = new FeedWindow(feed, start);
                forward(changed, windows.get(changed), false);
            }
        keep(feed, time.published());
        delete(feed, window.firstKept(time.timeMs()));
    }

    /** Closes the windows of a feed that start before a time. */
    private void close(String feed, long startMs) {
        FeedTime time = feeds.get(feed);
        if (startMs <= time.closedToMs()) return;
        if (time.oldestMs() < startMs)
            try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> closing = windows.range(
                    new FeedWindow(feed, Math.max(time.oldestMs(), time.closedToMs())),
                    new FeedWindow(feed, startMs - 1))) {
                closing.forEachRemaining(found -> forward(found.key, found.value, true));
            }
        keep(feed, time.closedTo(startMs));
    }

    private void forward(FeedWindow key, ValueAndTimestamp<SentimentAggregate> sum, boolean closed) {
        context.forward(new Record<>(key, new WindowUpdate(sum.value(), closed), sum.timestamp()));
    }

    /** Deletes the windows of a feed that start before a time. */
    private void delete(String feed, long startMs) {
        FeedTime time = feeds.get(feed);
        if (startMs <= time.oldestMs()) return;
        List<FeedWindow> expired = new ArrayList<>();
        try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> range =
                windows.range(new FeedWindow(feed, time.oldestMs()), new FeedWindow(feed, startMs - 1))) {
            range.forEachRemaining(found -> expired.add(found.key));
        }
        expired.forEach(windows::delete);
        keep(feed, time.deletedBefore(startMs));
    }

    private void endFeeds(long now) {
        Map.copyOf(feeds).forEach((feed, time) -> {
            long quietMs = now - Math.max(time.seenAtMs(), startedAtMs); // while it is stopped, no feed is quiet
            if (time.hasWindows()) {
                if (!time.unpublished().isEmpty()) return; // is published first
                if (quietMs >= window.openMs()) close(feed, afterNewest(time));
                if (quietMs >= window.keptMs()) deleteAll(feed);
            } else if (quietMs >= window.keptMs() + REMEMBERED.toMillis()) forget(feed);
        });
    }

    private long afterNewest(FeedTime time) {
        return window.startOf(time.timeMs()) + window.advanceMs();
    }

    private void deleteAll(String feed) {
        delete(feed, afterNewest(feeds.get(feed)));
        keep(feed, feeds.get(feed).deletedBefore(FeedTime.NO_WINDOW));
    }

    /** Many at a time, because it looks at all. */
    private void forgetLongestQuiet() {
        List<String> quiet = feeds.entrySet().stream()
                .sorted(Comparator.comparingLong(feed -> feed.getValue().seenAtMs()))
                .limit(MOST_FEEDS / 10)
                .map(Map.Entry::getKey)
                .toList();
        for (String feed : quiet) {
            publish(feed);
            close(feed, afterNewest(feeds.get(feed)));
            deleteAll(feed);
            forget(feed);
        }
        observer.forgotten(window.size(), quiet.size());
    }

    private void forget(String feed) {
        feeds.remove(feed);
        times.delete(feed);
    }

    private void keep(String feed, FeedTime time) {
        feeds.put(feed, time);
        times.put(feed, time);
    }

    /** The store of the times of feeds that belongs to a store of windows. */
    public static String timesOf(String windows) {
        return windows + "-times";
    }
}
