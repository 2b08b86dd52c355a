// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.record.RecordLine;
import io.deeptweet.schemas.SentimentWindow;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what comes out of the stream, not more lines than one can read. */
final class LiveLines {
    private static final int LINES_PER_SECOND = 10;
    /** A window is printed when it has not changed for so long; if it changes again, it is printed again. */
    private static final Duration UNCHANGED = Duration.ofSeconds(3);

    private record Changed(SentimentWindow window, long nanoTime) {}

    private final PrintWriter out;
    private final boolean quiet;
    private final Map<String, Changed> unprinted = new LinkedHashMap<>();
    private int printed;
    private long omitted;

    /** @param quiet prints nothing */
    LiveLines(PrintWriter out, boolean quiet) {
        this.out = out;
        this.quiet = quiet;
    }

    void line(String line) {
        if (quiet) return;
        if (printed++ < LINES_PER_SECOND) out.println(line);
        else omitted++;
    }

    void window(String key, SentimentWindow window) {
        if (window.getClosed() && !unprinted.containsKey(key)) return; // printed with the same counts
        unprinted.remove(key);
        unprinted.put(key, new Changed(window, System.nanoTime()));
    }

    /** To be called every second. */
    void everySecond() {
        if (omitted > 0) out.printf(Locale.ROOT, "          … and %,d more%n", omitted);
        printed = 0;
        omitted = 0;
        long now = System.nanoTime();
        int lines = 0;
        for (var entries = unprinted.values().iterator(); entries.hasNext(); ) {
            Changed changed = entries.next();
            if (now - changed.nanoTime() < UNCHANGED.toNanos()) continue;
            entries.remove();
            if (!quiet && lines++ < LINES_PER_SECOND / 2) out.println("window    " + RecordLine.of(changed.window()));
        }
        out.flush();
    }
}
