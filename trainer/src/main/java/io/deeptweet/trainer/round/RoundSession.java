// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.trainer.label.LabelReader;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.publish.TransactionalWriter.ConsumedOffsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The work of the active trainer, from what is committed until it loses the lease: reads labels, starts a round when it
 * is due, and commits its result. A new session begins where the last commit, of any trainer, ended. Not thread-safe.
 */
final class RoundSession implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RoundSession.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** The broker deletes after a week the offsets of topics that the group does not subscribe to. */
    private static final Duration OFFSET_COMMIT_INTERVAL = Duration.ofHours(12);

    private final TrainerLease lease;
    private final RoundTopics topics;
    private final RoundCommitter committer;
    private final RoundPlan plan;
    private final RoundObserver observer;
    private final SharedRoundState shared;
    private final Clock clock;
    private final LabelStore labels;
    private final LabelReader reader;
    private final DriftMonitor drift;
    private final RoundAttempts attempts;
    private Optional<RoundTraining> running = Optional.empty();
    private Instant offsetsCommittedAt = Instant.EPOCH;

    /**
     * Finds out how far earlier trainers have come.
     *
     * @throws KafkaException if the broker or the registry does not answer, or a topic does not exist
     */
    RoundSession(
            TrainerLease lease,
            RoundTopics topics,
            RoundCommitter committer,
            RoundPlan plan,
            RoundObserver observer,
            SharedRoundState shared,
            Clock clock) {
        this.lease = lease;
        this.topics = topics;
        this.committer = committer;
        this.plan = plan;
        this.observer = observer;
        this.shared = shared;
        this.clock = clock;
        shared.status(RoundStatus.of(RoundStatus.State.READING, "", Optional.empty()));
        committer.recover();
        List<TrainingRound> rounds = topics.rounds().read();
        labels = new LabelStore(plan.rehearsed());
        plan.rehearsal().forEach(labels::rehearse);
        reader = topics.labels(labels, GroupOffsets.read(rounds, lease.committed()), observer);
        attempts = new RoundAttempts(plan.attempts());
        drift = new DriftMonitor(topics.drift(), topics.models());
        shared.lastRound(rounds.stream().reduce((earlier, later) -> later));
        shared.labels(Optional.of(labels));
        LOG.infof("this trainer is the active one; rounds so far: %d", lastNumber());
    }

    /** Whether the next {@link #step} waits for labels. */
    boolean readsLabels() {
        return labels.fresh() < plan.largest();
    }

    /** Reads the next labels, and starts or ends a round if it is time. Takes a fraction of a second, or a commit. */
    void step() {
        if (readsLabels()) readLabels();
        if (running.filter(RoundTraining::isDone).isPresent()) finishRound(running.get());
        else if (running.isEmpty() && isWaiting()) startRoundIfDue(clock.instant());
        keepOffsets(clock.instant());
        shared.status(status());
    }

    private void readLabels() {
        List<ProducerRecord<byte[], byte[]>> rejected = reader.poll(POLL);
        if (!rejected.isEmpty())
            committer.reject(rejected, consumed(reader.progress().consumed()));
    }

    /** Whether all labels that can be read before a round have been read. */
    private boolean isWaiting() {
        return reader.caughtUp() || !readsLabels();
    }

    private void startRoundIfDue(Instant now) {
        if (!attempts.mayStart(now)) return;
        RoundTrigger trigger = plan.trigger();
        int fresh = labels.fresh();
        Optional<Instant> since = reader.waitingSince();
        trigger.reason(fresh, since, now)
                .or(() -> fresh > 0 ? shared.takeRequest() : Optional.empty())
                .or(() -> trigger.reasonInDrift(fresh, since, now, () -> drift.newAlarm(lastStart(), now)))
                .ifPresent(because -> startRound(because, now));
    }

    private void startRound(String because, Instant now) {
        shared.takeRequest(); // this round answers it, whatever started it
        int number = lastNumber() + 1;
        ModelArtefact active = activeModel();
        Round round = new Round(
                number,
                now,
                because,
                active,
                labels.forRound(),
                topics.recentTexts(plan.recent()),
                GuardHistory.of(
                        topics.rounds().read(),
                        active.version(),
                        plan.fineTuning().guard().cases()),
                reader.positions());
        running = Optional.of(RoundTraining.start(round, progress -> plan.fineTune(round, progress)));
        LOG.infof("round %d starts from %s: %s", number, active.version(), because);
    }

    private ModelArtefact activeModel() {
        ModelLog log = topics.models().read();
        String version = log.activation()
                .map(Activation::getVersion)
                .orElseThrow(() -> new IllegalStateException(
                        "no model is active, so no round can start: activate one with the command activate"));
        try {
            return ModelArtefact.read(log.model(version).artefact());
        } catch (InvalidModelException | InvalidArtefactException e) {
            throw new IllegalStateException(
                    "no round can start from the active model " + version + ": " + e.getMessage(), e);
        }
    }

    private void finishRound(RoundTraining training) {
        running = Optional.empty();
        Round round = training.round();
        RoundOutcome outcome;
        TrainingRound record;
        try {
            outcome = outcome(training);
            shared.status(committing(round, outcome));
            record = committer.commit(round, outcome, consumed(round.until()));
        } catch (ActiveModelChangedException e) {
            LOG.warnf("round %d starts again: %s", round.number(), e.getMessage());
            shared.request(round.because());
            return;
        } catch (RoundFailedException e) {
            LOG.warn(attempts.fault().orElse(e.getMessage()));
            shared.request(round.because());
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        attempts.ended();
        labels.consume(round.labels(), outcome.published());
        reader.consumed(round.until(), clock.instant());
        shared.lastRound(Optional.of(record));
        LOG.infof(
                "round %d %s: %s",
                round.number(),
                record.getCandidate()
                        .map(version -> (outcome.published() ? "published " : "withheld ") + version)
                        .orElse("made no model"),
                record.getBecause());
        observer.ended(record);
    }

    /** The outcome of a training; once it has failed too often, that it did is the outcome. */
    private RoundOutcome outcome(RoundTraining training) throws InterruptedException, RoundFailedException {
        try {
            return training.outcome();
        } catch (RoundFailedException e) {
            if (attempts.failed(training.round().number(), e.getMessage(), clock.instant())) throw e;
            return RoundOutcome.withheld(
                    "the round failed " + plan.attempts() + " time" + (plan.attempts() == 1 ? "" : "s") + ": "
                            + e.getMessage(),
                    0,
                    0,
                    0,
                    0,
                    0);
        }
    }

    private void keepOffsets(Instant now) {
        if (now.isBefore(offsetsCommittedAt.plus(OFFSET_COMMIT_INTERVAL))) return;
        lease.commit(
                GroupOffsets.of(reader.progress().consumed(), reader.progress().checked()));
        offsetsCommittedAt = now;
    }

    private ConsumedOffsets consumed(Map<TopicPartition, Long> consumed) {
        return new ConsumedOffsets(GroupOffsets.of(consumed, reader.progress().checked()), lease.member());
    }

    private int lastNumber() {
        return shared.lastRound().map(TrainingRound::getNumber).orElse(0);
    }

    private Optional<Instant> lastStart() {
        return shared.lastRound().map(TrainingRound::getStartedAt);
    }

    private RoundStatus status() {
        return running.map(training ->
                        status(RoundStatus.State.TRAINING, training.round().number(), training.step()))
                .orElseGet(() -> status(isWaiting() ? RoundStatus.State.WAITING : RoundStatus.State.READING, 0, ""));
    }

    private RoundStatus committing(Round round, RoundOutcome outcome) {
        return status(RoundStatus.State.COMMITTING, round.number(), outcome.published() ? "publishing" : "withholding");
    }

    private RoundStatus status(RoundStatus.State state, int round, String step) {
        return new RoundStatus(state, labels.fresh(), labels.earlier(), round, step, attempts.fault());
    }

    /** Cancels a running round; what it worked with is left to the next session. */
    @Override
    public void close() {
        running.ifPresent(RoundTraining::close);
        shared.labels(Optional.empty());
        reader.close();
    }
}
