// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits how often each client may do something: a token bucket for each, of which those unused for longest are
 * forgotten. Thread-safe.
 */
final class RequestLimiter {
    /** About 1 MB. */
    static final int MOST_CLIENTS = 10_000;

    /** How many times what a client may do at once it can be in debt. */
    private static final double LARGEST_DEBT = 6;

    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double most;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private record Bucket(double tokens, long at) {}

    /**
     * @param perSecond how often in the long run; more than 0
     * @param most how often at once, after a pause; 1 or more
     */
    RequestLimiter(double perSecond, double most, LongSupplier nanoTime) {
        if (!(perSecond > 0) || !(most >= 1))
            throw new IllegalArgumentException("a limit of " + perSecond + " a second, " + most + " at once");
        this.perSecond = perSecond;
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** Takes a token, if there is one. False if this is too often. */
    synchronized boolean take(String client) {
        long now = nanoTime.getAsLong();
        double tokens = tokens(client, now);
        boolean taken = tokens >= 1;
        buckets.put(client, new Bucket(taken ? tokens - 1 : tokens, now));
        return taken;
    }

    /** Takes a token that may not be there, so that the client has to wait for longer. */
    synchronized void charge(String client) {
        long now = nanoTime.getAsLong();
        buckets.put(client, new Bucket(Math.max(-LARGEST_DEBT * most, tokens(client, now) - 1), now));
    }

    /** Whether {@link #take} would take a token now. */
    synchronized boolean allows(String client) {
        return tokens(client, nanoTime.getAsLong()) >= 1;
    }

    private double tokens(String client, long now) {
        Bucket bucket = buckets.get(client);
        return bucket == null ? most : Math.min(most, bucket.tokens + (now - bucket.at) / NANOS * perSecond);
    }

    /** Seconds after which a client that was refused has a token again; 1 or more. */
    synchronized long retryAfterSeconds(String client) {
        double missing = 1 - tokens(client, nanoTime.getAsLong());
        return Math.max(1, (long) Math.ceil(missing / perSecond));
    }

    /** How many clients are remembered. */
    synchronized int clients() {
        return buckets.size();
    }
}
