// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Scorer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The scorer in use: the one reference that changes while the stream runs, and beside it that of the shadow, which
 * scores the same tweets for comparison only. Readers take each once per tweet and never wait.
 */
public final class ActiveModel {
    private final AtomicReference<Scorer> current = new AtomicReference<>();
    private final AtomicReference<Optional<Scorer>> shadow = new AtomicReference<>(Optional.empty());
    private final CountDownLatch first = new CountDownLatch(1);

    /** From now on tweets are scored with this. */
    public void swap(Scorer scorer) {
        current.set(scorer);
        first.countDown();
    }

    /**
     * The scorer to use for the tweet at hand.
     *
     * @throws IllegalStateException if none was ever active; the topology is started only after {@link #awaitFirst()}
     */
    public Scorer current() {
        Scorer scorer = current.get();
        if (scorer == null) throw new IllegalStateException("no model is active");
        return scorer;
    }

    /** From now on this scores beside the one in use; empty for none. */
    public void swapShadow(Optional<Scorer> scorer) {
        shadow.set(scorer);
    }

    /** The scorer to compare with; empty if there is none. */
    public Optional<Scorer> shadow() {
        return shadow.get();
    }

    /** The version in use; empty before the first. */
    public Optional<String> version() {
        return Optional.ofNullable(current.get()).map(Scorer::version);
    }

    /** Waits until a first model is active. */
    public void awaitFirst() throws InterruptedException {
        first.await();
    }
}
