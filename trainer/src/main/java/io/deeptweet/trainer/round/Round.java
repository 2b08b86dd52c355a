// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.TrainedModel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * @param until for each partition of {@code tweets.labeled} the offset after the last label that it consumes
 */
record Round(
        int number,
        Instant startedAt,
        String because,
        ModelArtefact active,
        RoundLabels labels,
        Map<TopicPartition, Long> until) {
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
                outcome.guard().map(test -> result("guard set", test)).orElse(null),
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
