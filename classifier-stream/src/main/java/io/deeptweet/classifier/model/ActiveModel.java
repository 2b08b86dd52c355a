// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import io.deeptweet.model.score.Scorer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The scorers in use: the active one, and a shadow that scores the same tweets for comparison only. They are the only
 * references that change while the stream runs. Readers take each once per tweet and never block.
 */
public final class ActiveModel {
    private final AtomicReference<Scorer> current = new AtomicReference<>();
    private final AtomicReference<Optional<Scorer>> shadow = new AtomicReference<>(Optional.empty());
    private final CountDownLatch first = new CountDownLatch(1);

    /** Scores all further tweets with this scorer. */
    public void swap(Scorer scorer) {
        current.set(scorer);
        first.countDown();
    }

    /**
     * Returns the scorer for the next tweet.
     *
     * @throws IllegalStateException if no model has been active yet; the topology starts only after
     *     {@link #awaitFirst()}
     */
    public Scorer current() {
        Scorer scorer = current.get();
        if (scorer == null) throw new IllegalStateException("no model is active");
        return scorer;
    }

    /** Replaces the shadow; empty for none. */
    public void swapShadow(Optional<Scorer> scorer) {
        shadow.set(scorer);
    }

    /** Returns the shadow; empty if there is none. */
    public Optional<Scorer> shadow() {
        return shadow.get();
    }

    /** Returns the active version; empty before the first. */
    public Optional<String> version() {
        return Optional.ofNullable(current.get()).map(Scorer::version);
    }

    /** Waits until the first model is active. */
    public void awaitFirst() throws InterruptedException {
        first.await();
    }
}
