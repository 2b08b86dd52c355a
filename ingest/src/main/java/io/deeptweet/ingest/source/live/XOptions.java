// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What the operator chooses for a source of X, and the times of X's protocol.
 *
 * @param host address of the API, without a path
 * @param token bearer token of the app; never shown
 * @param search whether to search for posts at intervals instead of following the stream
 * @param rules in X's language; a post matches any of them; at least one
 * @param rulesOfFeeds whether the rules are those of the feeds in the settings
 * @param expand whether X is to send the posts that others refer to, and the authors' names
 * @param interval between two searches
 * @param fill how far back missed posts are searched
 * @param backfillMinutes how much a stream that continues repeats, 0 to 5; most contracts do not include it
 * @param prices and the limit for a month
 * @param times of the protocol
 * @param largestMessage most bytes of an object of the stream
 */
public record XOptions(
        URI host,
        String token,
        boolean search,
        List<String> rules,
        boolean rulesOfFeeds,
        boolean expand,
        Duration interval,
        Duration fill,
        int backfillMinutes,
        Prices prices,
        Times times,
        int largestMessage) {
    /**
     * Prices in US dollars; zero or more.
     *
     * @param post of a post
     * @param user of a user
     * @param month the limit for a month
     */
    public record Prices(double post, double user, double month) {}

    /**
     * How long things take at X.
     *
     * @param quiet how long the stream may bring nothing, not even a heartbeat
     * @param answer how long an answer may take
     * @param indexed how long after a post a search surely finds it
     * @param slice how long missed posts are searched before the stream is read again
     * @param waits after failures
     */
    public record Times(Duration quiet, Duration answer, Duration indexed, Duration slice, XPauses.Waits waits) {}

    /** The times of X, but for the time without a heartbeat. */
    public static Times times(Duration quiet) {
        return new Times(
                quiet, Duration.ofSeconds(30), Duration.ofSeconds(40), Duration.ofSeconds(5), XPauses.Waits.OF_X);
    }

    public XOptions {
        rules = List.copyOf(rules);
    }

    /** The rules as one query of a search. */
    String query() {
        return rules.size() == 1 ? rules.get(0) : "(" + String.join(") OR (", rules) + ")";
    }

    @Override
    public String toString() {
        return "X at " + host.getAuthority(); // without the token
    }
}
