// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import java.time.Duration;
import java.util.Optional;

/**
 * A round as it is shown to people and scripts.
 *
 * @param startedAt ISO instant
 * @param seconds from its start to the decision
 * @param startedBecause what started it
 * @param parent the version that was active
 * @param candidate the version that came of it; empty if nothing could be trained
 * @param because why it was published or not
 * @param labels new labels that it consumed
 * @param heldOut both models on held-out new labels; empty if nothing was trained
 * @param guard both models on earlier tweets; empty if there are none
 * @param trainingSeconds of that, for training and measuring
 * @param bytes of tensors that were sent
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
        double trainingSeconds,
        long bytes) {
    /**
     * Two models on the same texts.
     *
     * @param active the active model's accuracy, in [0, 1]
     * @param candidate the candidate's
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
                round.getSeconds(),
                round.getBytes());
    }
}
