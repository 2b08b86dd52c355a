// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.schemas.text.UntrustedText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells now and then how a live feed is. */
final class LiveProgress {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final String feed;
    private final PrintWriter out;
    private long told = System.nanoTime();
    private long published;
    private String hindrance = "";

    LiveProgress(String feed, PrintWriter out) {
        this.feed = feed;
        this.out = out;
    }

    /** To be called every second. */
    void everySecond(int ingestPort) {
        FeedProgress.of(ingestPort, feed).ifPresent(this::tell);
    }

    private void tell(FeedProgress now) {
        String fault = now.failure() + now.hindrance();
        if (!fault.equals(hindrance) && !fault.isEmpty())
            out.printf("feed      %s: %s%n", feed, UntrustedText.oneLine(fault));
        hindrance = fault;
        long time = System.nanoTime();
        if (time - told < EVERY.toNanos()) return;
        out.println("feed      " + feed + ": " + counts(now, (now.published() - published) * 1e9 / (time - told)));
        out.flush();
        told = time;
        published = now.published();
    }

    /** @param rate published tweets per second */
    static String counts(FeedProgress now, double rate) {
        String behind = now.lagSeconds().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ", %.1f s behind the source",
                        now.lagSeconds().getAsDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "%.1f tweets/s%s, %,d filtered, %,d skipped, %,d rejected",
                rate,
                behind,
                now.filtered(),
                now.skipped(),
                now.rejected());
    }
}
