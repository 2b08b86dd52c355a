// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.SourceMonitor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of several connections as one: running if all receive, otherwise what interrupts one of them. Thread-safe.
 */
final class CombinedMonitor {
    private final SourceMonitor monitor;
    private final Map<String, Interruption> interruptions = new LinkedHashMap<>();

    CombinedMonitor(SourceMonitor monitor) {
        this.monitor = monitor;
    }

    /** The monitor of one connection. */
    SourceMonitor of(String connection) {
        return new SourceMonitor() {
            @Override
            public void interrupted(Interruption interruption) {
                String detail = connection + ": " + interruption.detail();
                change(connection, new Interruption(interruption.kind(), detail, interruption.nextTry()));
            }

            @Override
            public void running() {
                resume(connection);
            }

            @Override
            public void event(String kind) {
                monitor.event(kind);
            }

            @Override
            public void behind(Duration lag) {
                monitor.behind(lag);
            }
        };
    }

    private synchronized void change(String connection, Interruption interruption) {
        interruptions.put(connection, interruption);
        monitor.interrupted(interruption);
    }

    private synchronized void resume(String connection) {
        interruptions.remove(connection);
        interruptions.values().stream().findFirst().ifPresentOrElse(monitor::interrupted, monitor::running);
    }
}
