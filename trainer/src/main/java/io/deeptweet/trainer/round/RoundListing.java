// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import java.time.Duration;
import java.util.Optional;

/**
 * A round, as the command {@code rounds} and {@code GET /rounds} list it.
 *
 * @param startedAt ISO 8601 instant
 * @param seconds from its start to the decision
 * @param startedBecause what started it, in a sentence
 * @param parent the version that was active when it started
 * @param candidate the version that it made; empty if it made none
 * @param because why the candidate was published or not, in a sentence
 * @param labels number of new labels that it consumed
 * @param trained number of texts trained on, those rehearsed included
 * @param rehearsed number of earlier texts among them
 * @param validated number of texts validated on
 * @param heldOut both models on held-out new labels; empty if there is no candidate
 * @param guard both models on the guard set, or on earlier held-out labels if there is none; empty if there is no
 *     candidate
 * @param behaviour both models on the behavioural cases; empty if they are switched off, or there is no candidate
 * @param recent how many recent tweets the candidate classifies otherwise; empty if there is no candidate
 * @param unused number of new labels that exceeded a labeller's share
 * @param trainingSeconds the part of {@code seconds} spent on training and testing
 * @param bytes size of the tensors that were sent, in bytes
 */
public record RoundListing(
        int number,
        String startedAt,
        double seconds,
        String startedBecause,
        String parent,
        String candidate,
        boolean published,
        String because,
        int labels,
        int trained,
        int rehearsed,
        int validated,
        Optional<Accuracy> heldOut,
        Optional<Accuracy> guard,
        Optional<Accuracy> behaviour,
        Optional<Changed> recent,
        int unused,
        double trainingSeconds,
        long bytes) {
    /**
     * Active model and candidate on the same texts.
     *
     * @param texts number of texts
     * @param active accuracy of the active model, in [0, 1]
     * @param candidate accuracy of the candidate, in [0, 1]
     * @param gained number of texts that only the candidate classifies correctly
     * @param lost number of texts that only the active model classifies correctly
     * @param p one-sided mid-p of McNemar's test for a gain
     */
    public record Accuracy(int texts, double active, double candidate, int gained, int lost, double p) {
        private static Optional<Accuracy> of(Optional<PairedResult> result) {
            return result.map(test -> new Accuracy(
                    test.getTexts(),
                    test.getActiveAccuracy(),
                    test.getCandidateAccuracy(),
                    test.getGained(),
                    test.getLost(),
                    test.getP()));
        }
    }

    /**
     * How the candidate classifies recent tweets, whose labels nobody knows.
     *
     * @param texts number of tweets
     * @param changed those that it classifies otherwise than the active model
     */
    public record Changed(int texts, int changed) {}

    /** The listing of a round's record. */
    public static RoundListing of(TrainingRound round) {
        return new RoundListing(
                round.getNumber(),
                round.getStartedAt().toString(),
                Duration.between(round.getStartedAt(), round.getEndedAt()).toMillis() / 1000.0,
                round.getStartedBecause(),
                round.getParent(),
                round.getCandidate().orElse(""),
                round.getPublished(),
                round.getBecause(),
                round.getLabels(),
                round.getTrained(),
                round.getRehearsed(),
                round.getValidated(),
                Accuracy.of(round.getHeldOut()),
                Accuracy.of(round.getGuard()),
                Accuracy.of(round.getBehaviour()),
                round.getRecent().map(change -> new Changed(change.getTexts(), change.getChanged())),
                round.getUnused(),
                round.getSeconds(),
                round.getBytes());
    }
}
