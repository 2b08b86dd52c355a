// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.reject.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records what the topology reports. */
final class RecordingTopologyObserver implements SentimentTopology.Observer {
    final List<Rejection> rejections = new ArrayList<>();
    int duplicates;
    final List<Duration> late = new ArrayList<>();
    final Map<Duration, Integer> forgotten = new HashMap<>();
    /** Of each scored tweet: the ms since it was written, and since it was appended. */
    final List<List<Long>> delays = new ArrayList<>();

    final List<String> compared = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    final Map<String, DriftWindow> drift = new HashMap<>();

    @Override
    public void rejected(Rejection rejection) {
        rejections.add(rejection);
    }

    @Override
    public void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs) {
        delays.add(List.of(sinceCreatedMs, sinceAppendedMs));
    }

    @Override
    public void scoringFailed(String version, Rejection rejection) {
        rejections.add(rejection);
    }

    @Override
    public void compared(Score active, Score shadow) {
        compared.add(active.version() + " " + active.positive() + ", " + shadow.version() + " " + shadow.positive());
    }

    @Override
    public void shadowFailed(String active, String shadow, RuntimeException cause) {
        failed.add(shadow + " beside " + active + ": " + cause.getMessage());
    }

    @Override
    public void duplicate() {
        duplicates++;
    }

    @Override
    public void late(Duration size, long tweets) {
        late.addAll(Collections.nCopies((int) tweets, size));
    }

    @Override
    public void forgotten(Duration size, int feeds) {
        forgotten.merge(size, feeds, Integer::sum);
    }

    @Override
    public void drift(DriftWindow window) {
        drift.put(window.getFeed(), window);
    }

    @Override
    public void driftEnds(String feed) {
        drift.remove(feed);
    }
}
