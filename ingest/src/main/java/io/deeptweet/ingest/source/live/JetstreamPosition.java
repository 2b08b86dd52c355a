// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.shape.JetstreamEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a source has followed Jetstream. Version 1 sends events of some hundredths of a second in any order, so a
 * stream continues a second before its newest event, and the posts of that second are remembered.
 *
 * @param server the server's address, because cursors of two servers differ
 * @param newest the largest cursor of an event
 * @param seen the posts from {@link #cursor} on, the newest {@value #MOST_SEEN} at most
 */
record JetstreamPosition(String server, long newest, List<Seen> seen) {
    private static final int MOST_SEEN = 2_000;
    private static final long OVERLAP_MICROS = 1_000_000;
    /** Version 1 counts microseconds, version 2 events: no server has had so many. */
    private static final long FIRST_MICROS = 1_000_000_000_000_000L;

    private static final Pattern FORMAT = Pattern.compile("server=(\\S+) cursor=(\\d{1,18}) seen=([0-9a-f,]*)");

    /** A post, by a hash of its address and content. */
    record Seen(long cursor, String hash) {}

    JetstreamPosition {
        seen = List.copyOf(seen);
    }

    /**
     * A position that {@link #toString} wrote; empty if that is an empty text.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static Optional<JetstreamPosition> parse(String position) {
        if (position.isEmpty()) return Optional.empty();
        Matcher matcher = FORMAT.matcher(position);
        if (!matcher.matches())
            throw new IllegalArgumentException("\"" + position + "\" is not a position in Jetstream");
        long cursor = Long.parseLong(matcher.group(2));
        long newest = cursor >= FIRST_MICROS ? cursor + OVERLAP_MICROS : cursor;
        return Optional.of(new JetstreamPosition(
                matcher.group(1),
                newest,
                Stream.of(matcher.group(3).split(","))
                        .filter(hash -> !hash.isEmpty())
                        .map(hash -> new Seen(newest, hash))
                        .toList()));
    }

    /** The position after the first post of a server. */
    static JetstreamPosition first(String server, JetstreamEvent post) {
        return new JetstreamPosition(server, post.cursor(), List.of(seen(post)));
    }

    /** The position after a post of the same server. */
    JetstreamPosition after(JetstreamEvent post) {
        long largest = Math.max(newest, post.cursor());
        List<Seen> all = new ArrayList<>(seen.size() + 1);
        for (Seen one : seen) if (one.cursor() >= cursor(largest)) all.add(one);
        all.add(seen(post));
        return new JetstreamPosition(server, largest, all.subList(Math.max(0, all.size() - MOST_SEEN), all.size()));
    }

    /** Where the same server is to continue, inclusive. */
    long cursor() {
        return cursor(newest);
    }

    /** Whether cursors are microseconds since 1970; otherwise they are the server's own numbers. */
    boolean isTime() {
        return newest >= FIRST_MICROS;
    }

    /** When the newest event came; empty if cursors are no times. */
    Optional<Instant> time() {
        return isTime() ? Optional.of(Instant.EPOCH.plus(newest, ChronoUnit.MICROS)) : Optional.empty();
    }

    private static long cursor(long newest) {
        return newest >= FIRST_MICROS ? newest - OVERLAP_MICROS : newest;
    }

    private static Seen seen(JetstreamEvent post) {
        return new Seen(post.cursor(), hash(post));
    }

    /** Tells whether a post has come before, on any server. */
    static String hash(JetstreamEvent post) {
        return RecentKeys.hash(post.uri(), post.cid());
    }

    @Override
    public String toString() {
        return "server=" + server + " cursor=" + cursor() + " seen="
                + seen.stream().map(Seen::hash).collect(Collectors.joining(","));
    }
}
