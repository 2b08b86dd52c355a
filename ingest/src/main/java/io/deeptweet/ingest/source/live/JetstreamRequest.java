// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.shape.BlueskyPost;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a server of Jetstream is asked for: posts, from a cursor on.
 *
 * @param subprotocol of the WebSocket; version 2 needs one
 */
record JetstreamRequest(URI uri, Optional<String> subprotocol) {
    private static final String SECOND_VERSION = "network.bsky.jetstream.subscribeEvents";
    private static final String SECOND_SUBPROTOCOL = "xrpc.v1.json";

    /**
     * @param address the server, with the path that tells the version
     * @param position where to continue; empty for what comes from now on
     * @param compressed whether to ask for compressed messages, which version 1 only can send
     */
    static JetstreamRequest of(URI address, Optional<JetstreamPosition> position, boolean compressed) {
        boolean second = address.getPath().endsWith(SECOND_VERSION);
        String query = second
                ? "collections=" + BlueskyPost.COLLECTION + "&kinds=commit"
                : "wantedCollections=" + BlueskyPost.COLLECTION + (compressed ? "&compress=true" : "");
        String cursor = position.flatMap(reached -> cursor(address, second, reached))
                .map(from -> "&cursor=" + from)
                .orElse("");
        String before = address.getRawQuery() == null ? "" : address.getRawQuery() + "&";
        URI uri = URI.create(address.toString().replaceFirst("\\?.*", "") + "?" + before + query + cursor);
        return new JetstreamRequest(uri, second ? Optional.of(SECOND_SUBPROTOCOL) : Optional.empty());
    }

    private static Optional<Long> cursor(URI address, boolean second, JetstreamPosition reached) {
        if (reached.server().equals(address.getAuthority()) && second != reached.isTime())
            return Optional.of(reached.cursor());
        if (second || !reached.isTime()) return Optional.empty(); // another server's numbers mean other events
        return Optional.of(reached.newest() - TimeUnit.MICROSECONDS.convert(JetstreamSource.REWIND));
    }
}
