// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.SourceMonitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a source tells. */
final class RecordingMonitor implements SourceMonitor {
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> events = new ConcurrentHashMap<>();
    private final Map<String, Error> errors = new ConcurrentHashMap<>();

    /** {@code running}, and the details of interruptions, in their order. */
    List<String> states() {
        return states;
    }

    List<Interruption> interruptions() {
        return interruptions;
    }

    /** How many events of each kind came. */
    Map<String, Integer> events() {
        return events;
    }

    @Override
    public void interrupted(Interruption interruption) {
        interruptions.add(interruption);
        states.add(interruption.detail());
    }

    @Override
    public void running() {
        states.add("running");
    }

    /** From now on, whoever reports such an event gets this error. */
    void failAt(String kind, Error error) {
        errors.put(kind, error);
    }

    @Override
    public void event(String kind) {
        if (errors.containsKey(kind)) throw errors.get(kind);
        events.merge(kind, 1, Integer::sum);
    }

    @Override
    public void behind(Duration lag) {}
}
