// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the rounds that led to the active model have lost on the guard set, since the best model among them. Without it,
 * many rounds could each lose a little less than the margin.
 *
 * @param texts accuracy lost on the operator's texts, in [0, 1]
 * @param behaviour accuracy lost on the behavioural cases, in [0, 1]
 */
public record GuardHistory(double texts, double behaviour) {
    /** No round led to the active model: an operator activated it. */
    public static final GuardHistory NONE = new GuardHistory(0, 0);

    /** Name of the result on the operator's texts; earlier labels are not the same texts in every round. */
    static final String OPERATORS_TEXTS = "guard set";

    /**
     * @param rounds all rounds, by number
     * @param active the active version
     * @param cases number of behavioural cases; what was lost on others does not count
     */
    static GuardHistory of(List<TrainingRound> rounds, String active, long cases) {
        List<TrainingRound> chain = new ArrayList<>();
        String version = active;
        for (int i = rounds.size() - 1; i >= 0; i--) {
            TrainingRound round = rounds.get(i);
            if (!round.getPublished() || !round.getCandidate().equals(Optional.of(version))) continue;
            chain.add(round);
            version = round.getParent();
        }
        Collections.reverse(chain);
        return new GuardHistory(
                lost(
                        chain,
                        round -> round.getGuard()
                                .filter(result -> result.getName().equals(OPERATORS_TEXTS))),
                lost(chain, round -> round.getBehaviour().filter(result -> result.getTexts() == cases)));
    }

    /** This history after one more published round. */
    GuardHistory after(RoundOutcome outcome) {
        return new GuardHistory(
                outcome.guard()
                        .map(test -> lost(texts, test.activeAccuracy(), test.candidateAccuracy()))
                        .orElse(texts),
                outcome.behaviour()
                        .map(test -> lost(behaviour, test.activeAccuracy(), test.candidateAccuracy()))
                        .orElse(behaviour));
    }

    private static double lost(List<TrainingRound> chain, Function<TrainingRound, Optional<PairedResult>> result) {
        double lost = 0;
        for (TrainingRound round : chain) {
            Optional<PairedResult> measured = result.apply(round);
            if (measured.isPresent())
                lost = lost(
                        lost, measured.get().getActiveAccuracy(), measured.get().getCandidateAccuracy());
        }
        return lost;
    }

    private static double lost(double before, double active, double candidate) {
        return Math.max(0, before + active - candidate);
    }
}
