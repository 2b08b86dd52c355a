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
    /** The share of tweets that a model may fail to score, unless a setting says otherwise. */
    public static final double FAILED_SHARE = 0.1;

    private final double failedShare;
    private final AtomicReference<Current> current = new AtomicReference<>();
    private final AtomicReference<Optional<Scorer>> shadow = new AtomicReference<>(Optional.empty());
    private final CountDownLatch first = new CountDownLatch(1);

    private record Current(Scorer scorer, FailureCount failures) {}

    /** Allows each model to fail at {@value #FAILED_SHARE} of the tweets. */
    public ActiveModel() {
        this(FAILED_SHARE);
    }

    /** @param failedShare share of 200 tweets in a row that a model may fail to score, 0 to 1 */
    public ActiveModel(double failedShare) {
        this.failedShare = failedShare;
    }

    /** Scores all further tweets with this scorer. */
    public void swap(Scorer scorer) {
        current.set(new Current(scorer, new FailureCount(failedShare)));
        first.countDown();
    }

    /**
     * Returns the scorer for the next tweet.
     *
     * @throws IllegalStateException if no model has been active yet; the topology starts only after
     *     {@link #awaitFirst()}
     */
    public Scorer current() {
        Current now = current.get();
        if (now == null) throw new IllegalStateException("no model is active");
        return now.scorer();
    }

    /** Reports that a scorer has scored a tweet. Counts only if it is still the active one. */
    public void scored(Scorer scorer) {
        Current now = current.get();
        if (now.scorer() == scorer) now.failures().scored();
    }

    /** Reports that a scorer could not score a tweet. Counts only if it is still the active one. */
    public void failed(Scorer scorer, String origin) {
        Current now = current.get();
        if (now.scorer() == scorer) now.failures().failed(origin);
    }

    /** Returns whether the active model failed at too many tweets. */
    public boolean isFailing() {
        Current now = current.get();
        return now != null && now.failures().isExceeded();
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
        return Optional.ofNullable(current.get()).map(now -> now.scorer().version());
    }

    /** Waits until the first model is active. */
    public void awaitFirst() throws InterruptedException {
        first.await();
    }
}
