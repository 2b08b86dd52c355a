// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How many tweets the windows of each feed had, by the hour, for {@link #DAYS} days. A window is counted once when a
 * later window of the feed begins; windows without tweets in between count as 0, and later tweets do not count.
 */
final class WindowHistory {
    static final int DAYS = 14;

    /** Fewer earlier days say nothing about a usual volume. */
    static final int LEAST_DAYS = 3;

    /** Names of feeds come from whoever may write tweets. */
    private static final int MOST = 50_000;

    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
    private static final long KEPT_HOURS = (DAYS + 1L) * 24;

    private final KeyValueStore<String, Long> latest;
    private final KeyValueStore<String, Volume> volumes;
    /** The start of the latest window, by feed and size; as in the store. */
    private final Map<String, Long> starts = new HashMap<>();

    WindowHistory(KeyValueStore<String, Long> latest, KeyValueStore<String, Volume> volumes) {
        this.latest = latest;
        this.volumes = volumes;
        try (KeyValueIterator<String, Long> restored = latest.all()) {
            restored.forEachRemaining(entry -> starts.put(entry.key, entry.value));
        }
    }

    /** The usual number of tweets. */
    record Usual(double mean, double deviation) {}

    /** The start of the feed's latest window of this size, in ms since 1970; empty if there was none. */
    Optional<Long> latest(String feed, Duration size) {
        return Optional.ofNullable(starts.get(key(feed, size)));
    }

    /**
     * Notes that a window has begun.
     *
     * @param ended number of tweets of the window that was the latest before
     */
    void begin(SentimentWindow window, long ended) {
        String feed = window.getFeed();
        Duration size = Duration.between(window.getStart(), window.getEnd());
        String key = key(feed, size);
        long start = window.getStart().toEpochMilli();
        Long before = starts.put(key, start);
        latest.put(key, start);
        if (before != null) {
            add(key, before, ended);
            addEmpty(key, before + size.toMillis(), start, size.toMillis());
            delete(key, start / HOUR_MS - KEPT_HOURS);
        }
        if (starts.size() > MOST) forgetOldest();
    }

    private void add(String key, long startMs, long count) {
        String hour = hour(key, startMs / HOUR_MS);
        volumes.put(hour, orNone(volumes.get(hour)).plus(count));
    }

    /** From a start on, up to another one; only as far back as volumes are kept. */
    private void addEmpty(String key, long fromMs, long toMs, long sizeMs) {
        long skipped = Math.max(0, (toMs - KEPT_HOURS * HOUR_MS - fromMs) / sizeMs);
        Map<Long, Long> byHour = new HashMap<>();
        for (long start = fromMs + skipped * sizeMs; start < toMs; start += sizeMs)
            byHour.merge(start / HOUR_MS, 1L, Long::sum);
        byHour.forEach((number, windows) -> {
            String hour = hour(key, number);
            volumes.put(hour, orNone(volumes.get(hour)).plusEmpty(windows));
        });
    }

    /** The usual number of tweets at an hour of the day; empty with fewer than {@link #LEAST_DAYS} earlier days. */
    Optional<Usual> usual(String feed, Duration size, Instant start) {
        String key = key(feed, size);
        long hour = start.toEpochMilli() / HOUR_MS;
        Volume all = Volume.NONE;
        int days = 0;
        for (int day = 1; day <= DAYS; day++) {
            Volume volume = orNone(volumes.get(hour(key, hour - 24L * day)));
            all = all.plus(volume);
            if (volume.windows() > 0) days++;
        }
        return days < LEAST_DAYS ? Optional.empty() : Optional.of(new Usual(all.mean(), all.deviation()));
    }

    private void delete(String key, long beforeHour) {
        if (beforeHour <= 0) return;
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, Volume> range = volumes.range(hour(key, 0), hour(key, beforeHour - 1))) {
            range.forEachRemaining(entry -> old.add(entry.key));
        }
        old.forEach(volumes::delete);
    }

    private void forgetOldest() {
        List<String> oldest = starts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(MOST / 10)
                .map(Map.Entry::getKey)
                .toList();
        for (String key : oldest) {
            starts.remove(key);
            latest.delete(key);
            delete(key, Long.MAX_VALUE / HOUR_MS);
        }
    }

    private static Volume orNone(Volume volume) {
        return volume == null ? Volume.NONE : volume;
    }

    private static String key(String feed, Duration size) {
        return feed + "/" + size;
    }

    /** In the order of time. */
    private static String hour(String key, long hour) {
        return key + "/" + String.format("%012d", hour);
    }
}
