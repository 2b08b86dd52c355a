// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.trainer.audit.AuditAction;
import io.deeptweet.trainer.audit.AuditTopic;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.TransactionalWriter;
import io.deeptweet.trainer.publish.TransactionalWriter.ConsumedOffsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Commits what rounds write, each time in one transaction together with the offsets of the labels: the result of a
 * round, and labels that are rejected.
 */
final class RoundCommitter {
    private final TransactionalWriter writer;
    private final ModelTopic models;
    private final RoundTopic rounds;
    private final AuditTopic audit;
    private final Clock clock;

    RoundCommitter(TransactionalWriter writer, ModelTopic models, RoundTopic rounds, AuditTopic audit, Clock clock) {
        this.writer = writer;
        this.models = models;
        this.rounds = rounds;
        this.audit = audit;
        this.clock = clock;
    }

    /** Aborts what a trainer that was killed had begun to commit; otherwise it would stay pending for a minute. */
    void recover() {
        writer.fence();
    }

    /**
     * Commits a round: the candidate and its activation if it is published, the round's record, that of the audit, and
     * the offsets of its labels.
     *
     * @return the round's record
     * @throws ActiveModelChangedException if the candidate's parent is no longer active: nothing was committed
     * @throws KafkaException if nothing was committed, or this trainer is no longer a member of the group
     */
    TrainingRound commit(Round round, RoundOutcome outcome, ConsumedOffsets consumed)
            throws ActiveModelChangedException {
        return TransactionalWriter.untilNotFenced(() -> commitOnce(round, outcome, consumed));
    }

    private TrainingRound commitOnce(Round round, RoundOutcome outcome, ConsumedOffsets consumed)
            throws ActiveModelChangedException {
        try (TransactionalWriter.Transaction transaction = writer.begin()) {
            ChangeOrigin origin =
                    ChangeOrigin.round(round.number(), outcome.decision().because());
            long bytes = outcome.published() ? publish(transaction, round, outcome, origin) : 0;
            TrainingRound record = round.record(outcome, bytes, clock.instant());
            transaction.send(rounds.record(record));
            if (!outcome.published()) transaction.send(withheld(record, origin));
            transaction.commit(consumed);
            return record;
        }
    }

    private ProducerRecord<byte[], byte[]> withheld(TrainingRound round, ChangeOrigin origin) {
        return audit.record(
                AuditAction.WITHHELD,
                round.getCandidate(),
                Optional.of(round.getParent()),
                Optional.empty(),
                origin,
                round.getEndedAt());
    }

    private long publish(
            TransactionalWriter.Transaction transaction, Round round, RoundOutcome outcome, ChangeOrigin origin)
            throws ActiveModelChangedException {
        ModelLog log = models.read();
        String active = log.activation().map(Activation::getVersion).orElse("none");
        if (!active.equals(round.active().version()))
            throw new ActiveModelChangedException(round.active().version(), active);
        return models.publish(
                        transaction,
                        log,
                        Artefacts.published(outcome.candidate().orElseThrow().model()),
                        origin)
                .bytes();
    }

    /** Commits invalid labels to {@code tweets.rejected}, with the offsets that keep them from being rejected again. */
    void reject(List<ProducerRecord<byte[], byte[]>> records, ConsumedOffsets consumed) {
        try (TransactionalWriter.Transaction transaction = writer.begin()) {
            records.forEach(transaction::send);
            transaction.commit(consumed);
        }
    }
}
