// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a source has followed instances of Mastodon. Ids tell the time of writing, and statuses of other instances
 * come late: a stream continues {@link #REWIND} before its newest status, and the statuses of that time are remembered.
 *
 * @param newest the largest id of each stream, by {@link MastodonStream#key}
 * @param seen the statuses of the last {@link #REWIND}, those that came last, {@value #MOST_SEEN} at most
 */
record MastodonPosition(Map<String, String> newest, List<Seen> seen) {
    /** How late a status of another instance may come. */
    static final Duration REWIND = Duration.ofMinutes(1);

    private static final int MOST_SEEN = 500;
    private static final String ID = "[0-9A-Za-z_-]{1,64}";
    /** The higher bits of an id are milliseconds since 1970. Other servers have other ids. */
    private static final String SNOWFLAKE = "\\d{16,19}";

    private static final int SEQUENCE_BITS = 16;

    static final MastodonPosition START = new MastodonPosition(Map.of(), List.of());

    /**
     * A status.
     *
     * @param time of writing; if its id does not tell, that of the newest, or of arrival
     */
    record Seen(Instant time, String hash) {}

    MastodonPosition {
        newest = Map.copyOf(newest);
        seen = List.copyOf(seen);
    }

    /**
     * A position that {@link #toString} wrote, or an empty text.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static MastodonPosition parse(String position) {
        Map<String, String> newest = new TreeMap<>();
        List<String> hashes = List.of();
        for (String field : position.isEmpty() ? new String[0] : position.split(" ")) {
            int separator = field.lastIndexOf('=');
            String value = field.substring(separator + 1);
            if (separator < 1 || !(field.startsWith("seen=") ? value.matches("[0-9a-f,]*") : value.matches(ID)))
                throw new IllegalArgumentException("\"" + position + "\" is not a position in Mastodon");
            if (field.startsWith("seen="))
                hashes = Stream.of(value.split(","))
                        .filter(hash -> !hash.isEmpty())
                        .toList();
            else newest.put(field.substring(0, separator), value);
        }
        MastodonPosition streams = new MastodonPosition(newest, List.of());
        Instant last = streams.last().orElse(Instant.EPOCH);
        return new MastodonPosition(
                newest, hashes.stream().map(hash -> new Seen(last, hash)).toList());
    }

    /**
     * The position after a status of a stream, which may have come from another one before.
     *
     * @param id the instance's; not used if it cannot be one, or is in the future
     */
    MastodonPosition reached(String stream, String id, Instant now) {
        boolean credible = isId(id)
                && time(id).filter(time -> time.isAfter(now.plus(REWIND))).isEmpty();
        if (!credible || isAfter(newest.getOrDefault(stream, ""), id)) return this;
        Map<String, String> ids = new TreeMap<>(newest);
        ids.put(stream, id);
        return new MastodonPosition(ids, seen);
    }

    /** The position with another status that has come, after {@link #reached}. */
    MastodonPosition with(String hash, String id, Instant now) {
        Instant last = last().orElse(now);
        Instant oldest = last.minus(REWIND); // no stream that continues sends an older one again
        List<Seen> all = new ArrayList<>(seen.size() + 1);
        for (Seen one : seen) if (!one.time().isBefore(oldest)) all.add(one);
        Instant time = time(id).filter(last::isAfter).orElse(last);
        if (!time.isBefore(oldest)) all.add(new Seen(time, hash));
        return new MastodonPosition(newest, all.subList(Math.max(0, all.size() - MOST_SEEN), all.size()));
    }

    /** When the newest status was written; empty if no id tells. */
    private Optional<Instant> last() {
        return newest.values().stream().flatMap(id -> time(id).stream()).max(Instant::compareTo);
    }

    /** The id after which a stream is to continue; empty if nothing came from it. */
    Optional<String> start(String stream) {
        return Optional.ofNullable(newest.get(stream))
                .map(id -> time(id).isEmpty()
                        ? id
                        : Long.toString(Math.max(0, Long.parseLong(id) - (REWIND.toMillis() << SEQUENCE_BITS))));
    }

    /** Whether a text can be an id. */
    static boolean isId(String text) {
        return text.matches(ID);
    }

    /** Whether an id is larger than another one: ids that are no numbers have the same length. */
    static boolean isAfter(String id, String other) {
        return id.length() == other.length() ? id.compareTo(other) > 0 : id.length() > other.length();
    }

    /** When the status with an id was written; empty if the id does not tell. */
    private static Optional<Instant> time(String id) {
        if (!id.matches(SNOWFLAKE) || new BigInteger(id).bitLength() > Long.SIZE - 1) return Optional.empty();
        return Optional.of(Instant.ofEpochMilli(Long.parseLong(id) >> SEQUENCE_BITS));
    }

    @Override
    public String toString() {
        return new TreeMap<>(newest)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue() + " ")
                                .collect(Collectors.joining())
                + "seen=" + seen.stream().map(Seen::hash).collect(Collectors.joining(","));
    }
}
