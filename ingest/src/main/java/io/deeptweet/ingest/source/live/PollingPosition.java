// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far an API has been polled. What a server sent is written in Base64. It has less than 50,000 characters.
 *
 * @param polled when the last posts came
 * @param list hash of the address: cursors and ids of another list differ
 * @param newest id of the newest post; empty if there is none
 * @param cursor where the next poll continues; empty for the beginning
 * @param etag of the first page; empty if it has none
 * @param modified when the first page changed, as the server wrote it; empty if it does not say
 * @param seen keys of the posts that came last, without separators
 */
record PollingPosition(
        Instant polled, String list, String newest, String cursor, String etag, String modified, String seen) {
    /** A text of the server that is longer than this many bytes is not kept. */
    static final int LONGEST_TEXT = 2_048;

    private static final int KEY_BYTES = 6;
    private static final int KEY_LENGTH = 8;
    private static final Pattern FORMAT = Pattern.compile("polled=(\\S+) list=([\\w-]*) newest=([\\w-]*)"
            + " cursor=([\\w-]*) etag=([\\w-]*) modified=([\\w-]*) seen=([\\w-]*)");

    /** The keys of the posts that came last, {@value #MOST} at most. Not thread-safe. */
    static final class Seen {
        static final int MOST = 5_000;

        private final Set<String> keys = new LinkedHashSet<>();

        Seen(String written) {
            for (int at = 0; at < written.length(); at += KEY_LENGTH) keys.add(written.substring(at, at + KEY_LENGTH));
        }

        boolean isEmpty() {
            return keys.isEmpty();
        }

        /** Returns whether the key is new. It is the newest from now on. */
        boolean add(String key) {
            boolean known = keys.remove(key);
            keys.add(key);
            if (keys.size() > MOST) keys.remove(keys.iterator().next());
            return !known;
        }

        @Override
        public String toString() {
            return String.join("", keys);
        }
    }

    /** Nothing has been polled. */
    static PollingPosition none(String list) {
        return new PollingPosition(Instant.EPOCH, list, "", "", "", "", "");
    }

    /**
     * A position that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static PollingPosition parse(String position) {
        Matcher matcher = FORMAT.matcher(position);
        try {
            if (matcher.matches() && matcher.group(7).length() % KEY_LENGTH == 0)
                return new PollingPosition(
                        Instant.parse(matcher.group(1)),
                        matcher.group(2),
                        decoded(matcher.group(3)),
                        decoded(matcher.group(4)),
                        decoded(matcher.group(5)),
                        decoded(matcher.group(6)),
                        matcher.group(7));
        } catch (DateTimeException e) {
            // as any other text
        }
        throw new IllegalArgumentException("\"" + position + "\" is not a position of a polled API");
    }

    /** The same position in a list: if it is another one, only the posts count that have been seen. */
    PollingPosition in(String other) {
        return list.equals(other) ? this : new PollingPosition(polled, other, "", "", "", "", seen);
    }

    PollingPosition withCursor(String reached) {
        return new PollingPosition(polled, list, newest, reached, etag, modified, seen);
    }

    PollingPosition withNewest(String id) {
        return new PollingPosition(polled, list, id, cursor, etag, modified, seen);
    }

    /** The same position, with what the first page's headers say of its version. */
    PollingPosition withVersion(String tag, String changed) {
        return new PollingPosition(polled, list, newest, cursor, tag, changed, seen);
    }

    /** The position after posts that have come. */
    PollingPosition after(Instant time, Seen keys) {
        return new PollingPosition(time, list, newest, cursor, etag, modified, keys.toString());
    }

    /** The key of an address or of a post: 48 bits of the SHA-256 of its parts. */
    static String key(String... parts) {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(RecentKeys.sha256(parts), KEY_BYTES));
    }

    /** A text of the server, if it is short enough and not blank. */
    static Optional<String> kept(String text) {
        boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_TEXT;
        return fits && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "polled=" + polled + " list=" + list + " newest=" + encoded(newest) + " cursor=" + encoded(cursor)
                + " etag=" + encoded(etag) + " modified=" + encoded(modified) + " seen=" + seen;
    }
}
