// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.text.UntrustedText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A window in which a feed drifts, as a reason for a round.
 *
 * @param window with at least one alarm
 * @param publishedAt when the classifier published it, by the broker's clock: the window itself may be of any past
 *     time, because a classifier may replay old tweets
 */
record DriftAlarm(DriftWindow window, Instant publishedAt) {
    /**
     * Whether no round has been started for it: it was published at least a window's length after the last round
     * started, when the window of that moment had ended. So a window starts one round at most, however often it is
     * published or read, and there are no more such rounds than windows.
     *
     * @param lastStart start of the last round; empty if there was none
     */
    boolean isNewSince(Optional<Instant> lastStart) {
        Duration length = Duration.between(window.getStart(), window.getEnd());
        return lastStart
                .filter(start -> publishedAt.isBefore(start.plus(length)))
                .isEmpty();
    }

    /** Whether that model version alone scored the window's tweets; otherwise the alarm may be about another one. */
    boolean isOf(String version) {
        return window.getModelVersions().keySet().equals(Set.of(version));
    }

    /** The alarm in a sentence without a subject of its own, on one line whatever the feed is called. */
    @Override
    public String toString() {
        return "feed " + UntrustedText.oneLine(window.getFeed()) + " drifts ("
                + UntrustedText.oneLine(String.join(", ", window.getAlarms())) + ") from " + window.getStart() + " to "
                + window.getEnd();
    }
}
