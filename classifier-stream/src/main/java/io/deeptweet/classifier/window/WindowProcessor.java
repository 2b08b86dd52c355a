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
 * Tumbling windows of one size, by the time of each feed: a window closes when the time of its own feed's tweets passes
 * its end plus grace. Kafka Streams' windows close by the time of the partition, so a live feed would close the windows
 * of another feed's replay.
 *
 * <p>Changed windows are forwarded every 100 ms. Which ones those are, and the time of each feed, is in a store, so
 * that a restart continues identically: no change stays unpublished, and a late tweet does not open its window again.
 *
 * <p>A feed without tweets for as long as a window is open, by the clock, is taken to have ended: its windows close.
 * Its time is remembered for another {@link #REMEMBERED}. Of more than {@link #MOST_FEEDS} feeds in a partition, those
 * are forgotten that had no tweets for the longest time.
 */
public final class WindowProcessor implements Processor<String, SentimentAggregate, FeedWindow, SentimentAggregate> {
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

    private final Duration size;
    private final long sizeMs;
    private final long openMs;
    private final String name;
    private final Observer observer;
    /** The contents of the store of times. */
    private final Map<String, FeedTime> feeds = new HashMap<>();

    private ProcessorContext<FeedWindow, SentimentAggregate> context;
    private TimestampedKeyValueStore<FeedWindow, SentimentAggregate> windows;
    private KeyValueStore<String, FeedTime> times;
    private long startedAtMs;

    private WindowProcessor(String name, Duration size, Duration grace, Observer observer) {
        this.name = name;
        this.size = size;
        this.sizeMs = size.toMillis();
        this.openMs = sizeMs + grace.toMillis();
        this.observer = observer;
    }

    /**
     * Returns the processor and its stores.
     *
     * @param name of the store of windows, and part of that of times; state is found by it
     * @param size size of the tumbling windows, in whole ms
     * @param grace time after its end during which a window accepts records
     * @param stores where windows are kept
     */
    public static ProcessorSupplier<String, SentimentAggregate, FeedWindow, SentimentAggregate> of(
            String name, Duration size, Duration grace, DslStoreSuppliers stores, Observer observer) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, SentimentAggregate, FeedWindow, SentimentAggregate> get() {
                return new WindowProcessor(name, size, grace, observer);
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
    public void init(ProcessorContext<FeedWindow, SentimentAggregate> context) {
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
        long start = record.timestamp() - record.timestamp() % sizeMs;
        if (isClosed(start, time)) {
            observer.late(size, record.value().count());
            keep(feed, time);
            return;
        }
        FeedWindow window = new FeedWindow(feed, start);
        ValueAndTimestamp<SentimentAggregate> before = windows.get(window);
        windows.put(
                window,
                before == null
                        ? ValueAndTimestamp.make(record.value(), record.timestamp())
                        : ValueAndTimestamp.make(
                                before.value().plus(record.value()), Math.max(before.timestamp(), record.timestamp())));
        keep(feed, time.changed(start));
        if (feeds.get(feed).unpublished().size() >= MOST_UNPUBLISHED) publish(feed);
    }

    private void publishAll() {
        List<String> changed = feeds.entrySet().stream()
                .filter(feed -> !feed.getValue().unpublished().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        changed.forEach(this::publish);
    }

    /** Forwards the windows of a feed that have changed, then deletes those that have closed. */
    private void publish(String feed) {
        FeedTime time = feeds.get(feed);
        for (long start : time.unpublished()) {
            FeedWindow window = new FeedWindow(feed, start);
            ValueAndTimestamp<SentimentAggregate> sum = windows.get(window);
            context.forward(new Record<>(window, sum.value(), sum.timestamp()));
        }
        keep(feed, withoutClosed(feed, time.published()));
    }

    private void endFeeds(long now) {
        Map.copyOf(feeds).forEach((feed, time) -> {
            long quietMs = now - Math.max(time.seenAtMs(), startedAtMs); // while it is stopped, no feed is quiet
            if (time.hasWindows() && time.unpublished().isEmpty() && quietMs >= openMs) end(feed);
            else if (!time.hasWindows() && quietMs >= openMs + REMEMBERED.toMillis()) forget(feed);
        });
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
            end(feed);
            forget(feed);
        }
        observer.forgotten(size, quiet.size());
    }

    /** Closes all windows of a feed, which are published. */
    private void end(String feed) {
        FeedTime time = feeds.get(feed);
        long newestStart = time.timeMs() - time.timeMs() % sizeMs;
        FeedTime ended = time.seen(newestStart + openMs, time.seenAtMs());
        keep(feed, withoutClosed(feed, ended).deletedBefore(FeedTime.NO_WINDOW));
    }

    private void forget(String feed) {
        feeds.remove(feed);
        times.delete(feed);
    }

    private FeedTime withoutClosed(String feed, FeedTime time) {
        if (!time.hasWindows() || !isClosed(time.oldestMs(), time)) return time;
        long lastClosed = time.timeMs() - openMs;
        List<FeedWindow> closed = new ArrayList<>();
        try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> range =
                windows.range(new FeedWindow(feed, time.oldestMs()), new FeedWindow(feed, lastClosed))) {
            range.forEachRemaining(window -> closed.add(window.key));
        }
        closed.forEach(windows::delete);
        return time.deletedBefore(lastClosed - lastClosed % sizeMs + sizeMs);
    }

    private boolean isClosed(long start, FeedTime time) {
        return start + openMs <= time.timeMs();
    }

    private void keep(String feed, FeedTime time) {
        feeds.put(feed, time);
        times.put(feed, time);
    }

    private static String timesOf(String windows) {
        return windows + "-times";
    }
}
