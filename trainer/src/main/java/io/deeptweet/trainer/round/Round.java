// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.ChangedVerdicts;
import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.TrainedModel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * A round that has started.
 *
 * @param number from 1
 * @param because what started it, in a sentence
 * @param active the model that it starts from
 * @param labels what it works with
 * @param recent texts of recent tweets without labels
 * @param history what earlier rounds lost on the guard set
 * @param until for each partition of {@code tweets.labeled} the offset after the last label that it consumes
 */
record Round(
        int number,
        Instant startedAt,
        String because,
        ModelArtefact active,
        RoundLabels labels,
        List<String> recent,
        GuardHistory history,
        Map<TopicPartition, Long> until) {
    /** What the candidate is made from. */
    RoundInput input() {
        return new RoundInput(number, active, labels, recent, history);
    }

    /**
     * The record of this round for {@code sentiment.rounds}.
     *
     * @param tensorBytes size of the tensors that were sent, in bytes
     */
    TrainingRound record(RoundOutcome outcome, long tensorBytes, Instant endedAt) {
        return new TrainingRound(
                number,
                startedAt.truncatedTo(ChronoUnit.MILLIS),
                endedAt.truncatedTo(ChronoUnit.MILLIS),
                because,
                active.version(),
                outcome.candidate().map(made -> made.model().version()).orElse(null),
                outcome.published(),
                outcome.decision().because(),
                labels.consumed().size(),
                outcome.trained(),
                outcome.rehearsed(),
                outcome.validated(),
                outcome.heldOut()
                        .map(test -> result("held-out new labels", test))
                        .orElse(null),
                outcome.guard()
                        .map(test -> result(GuardHistory.OPERATORS_TEXTS, test))
                        .or(() -> outcome.evidence()
                                .flatMap(GateEvidence::earlier)
                                .map(test -> result("earlier held-out labels", test)))
                        .orElse(null),
                outcome.behaviour()
                        .map(test -> result("behavioural cases", test))
                        .orElse(null),
                outcome.evidence()
                        .map(GateEvidence::recent)
                        .map(change -> new ChangedVerdicts(change.texts(), change.changed()))
                        .orElse(null),
                outcome.unused(),
                outcome.seconds(),
                tensorBytes,
                until.entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> Integer.toString(entry.getKey().partition()), Map.Entry::getValue)),
                outcome.candidate()
                        .map(TrainedModel::report)
                        .map(ModelReport::toJson)
                        .orElse(null));
    }

    private static PairedResult result(String name, McNemarTest test) {
        return new PairedResult(
                name,
                test.texts(),
                test.activeAccuracy(),
                test.candidateAccuracy(),
                test.gained(),
                test.lost(),
                test.p());
    }
}
