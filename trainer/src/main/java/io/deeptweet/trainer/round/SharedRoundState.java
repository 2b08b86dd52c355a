// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.label.LabelStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What the thread of rounds and the threads of HTTP requests tell each other. Thread-safe. */
final class SharedRoundState {
    private final AtomicReference<Optional<String>> request = new AtomicReference<>(Optional.empty());
    private volatile RoundStatus status = RoundStatus.of(RoundStatus.State.STARTING, "", Optional.empty());
    private volatile Optional<TrainingRound> lastRound = Optional.empty();
    private volatile Optional<LabelStore> labels = Optional.empty();

    RoundStatus status() {
        return status;
    }

    void status(RoundStatus now) {
        status = now;
    }

    /** The last committed round that this trainer has seen. */
    Optional<TrainingRound> lastRound() {
        return lastRound;
    }

    void lastRound(Optional<TrainingRound> round) {
        lastRound = round;
    }

    /** The labels in memory; empty while this trainer is not the active one. */
    Optional<LabelStore> labels() {
        return labels;
    }

    void labels(Optional<LabelStore> store) {
        labels = store;
    }

    /** Asks for a round, with the reason that its record will have. */
    void request(String because) {
        request.set(Optional.of(because));
    }

    /** The request that no round has answered yet, which it removes. */
    Optional<String> takeRequest() {
        return request.getAndSet(Optional.empty());
    }
}
