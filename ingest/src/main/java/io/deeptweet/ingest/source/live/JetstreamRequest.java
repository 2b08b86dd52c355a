// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a server of Jetstream is asked for: posts, from a cursor on.
 *
 * @param subprotocol of the WebSocket; version 2 needs one
 */
record JetstreamRequest(URI uri, Optional<String> subprotocol) {
    private static final String SECOND_VERSION = "network.bsky.jetstream.subscribeEvents";
    private static final String SECOND_SUBPROTOCOL = "xrpc.v1.json";
    /** Version 1 counts microseconds, version 2 events: no server has had so many. */
    private static final long FIRST_MICROS = 1_000_000_000_000_000L;

    /**
     * @param address the server, with the path that tells the version
     * @param position where to continue; empty for what comes from now on
     * @param compressed whether to ask for compressed messages, which version 1 only can send
     */
    static JetstreamRequest of(URI address, Optional<JetstreamPosition> position, boolean compressed) {
        boolean second = address.getPath().endsWith(SECOND_VERSION);
        String query = second
                ? "collections=" + JetstreamEvent.POSTS + "&kinds=commit"
                : "wantedCollections=" + JetstreamEvent.POSTS + (compressed ? "&compress=true" : "");
        String cursor = position.flatMap(reached -> cursor(address, second, reached))
                .map(from -> "&cursor=" + from)
                .orElse("");
        String before = address.getQuery() == null ? "" : address.getQuery() + "&";
        URI uri = URI.create(address.toString().replaceFirst("\\?.*", "") + "?" + before + query + cursor);
        return new JetstreamRequest(uri, second ? Optional.of(SECOND_SUBPROTOCOL) : Optional.empty());
    }

    private static Optional<Long> cursor(URI address, boolean second, JetstreamPosition reached) {
        boolean micros = reached.cursor() >= FIRST_MICROS;
        if (reached.server().equals(address.getAuthority()) && second != micros) return Optional.of(reached.cursor());
        if (second || !micros) return Optional.empty(); // another server's numbers mean other events
        return Optional.of(reached.cursor() - JetstreamSource.REWIND.toNanos() / 1_000);
    }

    /** The time of a position; empty if its cursor is a number. */
    static Optional<Instant> time(JetstreamPosition reached) {
        return reached.cursor() < FIRST_MICROS
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plus(reached.cursor(), ChronoUnit.MICROS));
    }
}
