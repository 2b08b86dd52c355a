// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far a source has followed Jetstream.
 *
 * @param server the server's address, because cursors of two servers differ
 * @param cursor of the last event
 * @param seen hashes of the posts with this cursor: a server repeats them
 */
record JetstreamPosition(String server, long cursor, List<String> seen) {
    private static final Pattern FORMAT = Pattern.compile("server=(\\S+) cursor=(\\d{1,18}) seen=([0-9a-f,]*)");

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
        return Optional.of(new JetstreamPosition(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Stream.of(matcher.group(3).split(","))
                        .filter(hash -> !hash.isEmpty())
                        .toList()));
    }

    /** The position after a post. */
    JetstreamPosition after(String server, JetstreamEvent post) {
        List<String> same = new ArrayList<>();
        if (this.server.equals(server) && cursor == post.cursor()) same.addAll(seen);
        same.add(hash(post));
        return new JetstreamPosition(server, post.cursor(), same);
    }

    /**
     * Whether it is a post at this position, of the same server. One that the server repeats from before is not
     * recognized: cursors need not grow from event to event.
     */
    boolean includes(JetstreamEvent post) {
        return post.cursor() == cursor && seen.contains(hash(post));
    }

    static String hash(JetstreamEvent post) {
        return String.format("%08x%08x", post.uri().hashCode(), post.cid().hashCode());
    }

    @Override
    public String toString() {
        return "server=" + server + " cursor=" + cursor + " seen=" + String.join(",", seen);
    }
}
