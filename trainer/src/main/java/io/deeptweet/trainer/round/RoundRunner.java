// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.trainer.audit.AuditTopic;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.TransactionalWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Runs rounds on a thread of its own, for as long as this trainer is the active one ({@link TrainerLease}), in a
 * {@link RoundSession}. After a failure it starts again from what is committed. Since a round's model, activation,
 * record and offsets are one transaction, a round happens once or not at all, wherever a trainer fails.
 */
public final class RoundRunner implements AutoCloseable {
    /** The consumer group of all trainers. */
    public static final String GROUP = TrainerLease.GROUP;

    private static final Logger LOG = Logger.getLogger(RoundRunner.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final Map<String, Object> kafka;
    private final RoundTopics topics;
    private final RoundCommitter committer;
    private final RoundPlan plan;
    private final RoundObserver observer;
    private final Clock clock;
    private final SharedRoundState shared = new SharedRoundState();
    private final Backoff backoff = new Backoff();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "rounds");

    /**
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @param observer is called by the thread of rounds
     */
    public RoundRunner(
            Map<String, Object> kafka,
            SchemaIds ids,
            ModelTopic models,
            RoundPlan plan,
            RoundObserver observer,
            Clock clock) {
        this.kafka = kafka;
        this.topics = RoundTopics.of(kafka, ids, models);
        this.committer = new RoundCommitter(
                new TransactionalWriter(kafka), models, topics.rounds(), new AuditTopic(kafka, ids), clock);
        this.plan = plan;
        this.observer = observer;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** What this trainer does now. */
    public RoundStatus status() {
        return shared.status();
    }

    /** The labels in memory; empty while this trainer is not the active one. */
    public Optional<LabelStore> labels() {
        return shared.labels();
    }

    /** The last committed round that this trainer has seen. */
    public Optional<TrainingRound> lastRound() {
        return shared.lastRound();
    }

    /**
     * All committed rounds, by number.
     *
     * @throws KafkaException if the broker or the registry does not answer
     */
    public List<TrainingRound> rounds() {
        return topics.rounds().read();
    }

    /**
     * Asks for a round now, before the trigger starts one.
     *
     * @param because the reason, in a sentence
     */
    public RoundRequest request(String because) {
        RoundStatus now = shared.status();
        return switch (now.state()) {
            case STARTING, STANDBY, READING -> RoundRequest.NOT_READY;
            case TRAINING, COMMITTING -> RoundRequest.ALREADY_RUNNING;
            case WAITING -> {
                if (now.newLabels() == 0) yield RoundRequest.NO_LABELS;
                shared.request(because);
                yield RoundRequest.STARTING;
            }
        };
    }

    private void run() {
        while (!isClosing()) {
            try (TrainerLease lease = new TrainerLease(kafka)) {
                while (!isClosing()) {
                    if (lease.poll(POLL)) work(lease);
                    else standBy(lease);
                }
            } catch (RuntimeException | Error e) { // an Error must not end the thread: it may have been one round's
                pause(e);
            }
        }
    }

    private void work(TrainerLease lease) {
        try (RoundSession session = new RoundSession(lease, topics, committer, plan, observer, shared, clock)) {
            do {
                session.step();
                backoff.succeeded();
            } while (!isClosing() && lease.poll(session.readsLabels() ? Duration.ZERO : POLL));
        }
        if (!isClosing()) LOG.warn("another trainer has become the active one: it continues from what is committed");
    }

    private void standBy(TrainerLease lease) {
        if (!lease.joined() || shared.status().state() == RoundStatus.State.STANDBY) return;
        LOG.warnf("another trainer of the group %s is active: standing by", GROUP);
        shared.status(RoundStatus.of(RoundStatus.State.STANDBY, "another trainer is active", Optional.empty()));
    }

    private void pause(Throwable failure) {
        if (isClosing()) return;
        String fault = sentence(failure);
        Backoff.Advice advice = backoff.failed(fault);
        if (advice.isNew()) LOG.errorf("rounds cannot go on and start again from what is committed: %s", fault);
        LOG.debug("the failure", failure);
        shared.status(RoundStatus.of(RoundStatus.State.STARTING, "", Optional.of(fault)));
        try {
            closing.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What went wrong, for the log and the status. Only Kafka's messages and our own are sentences by themselves. */
    private static String sentence(Throwable failure) {
        boolean isSentence = failure instanceof KafkaException || failure instanceof IllegalStateException;
        return (isSentence ? failure.getMessage() : failure.toString())
                + (failure.getCause() instanceof KafkaException cause ? ": " + cause.getMessage() : "");
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Leaves the group and ends the thread. A running round is cancelled; the next trainer starts it again. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
