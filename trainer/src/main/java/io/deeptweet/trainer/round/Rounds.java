// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelReader;
import io.deeptweet.trainer.label.Labels;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.Committed;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.train.Epoch;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingProgress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Runs the rounds: reads labels, starts a round when it is due, and commits what came of it, all in one transaction:
 * model, activation, the round's record, and the offsets of the labels that it consumed. So a round happens once or not
 * at all, wherever the trainer dies.
 *
 * <p>Of several trainers one works: the one to which the group assigns the one partition of {@code sentiment.rounds}.
 * It commits as a member of the group, so that one which was thought dead and comes back can commit nothing.
 *
 * <p>One thread does all that concerns Kafka, another trains. Whatever fails is logged, shown, and begun again from
 * what is committed.
 */
public final class Rounds implements AutoCloseable {
    /** The consumer group; its offsets are those of the labels that rounds have consumed. */
    public static final String GROUP = "deeptweet-trainer";

    private static final Logger LOG = Logger.getLogger(Rounds.class);
    private static final TopicPartition LOCK = new TopicPartition(Topics.ROUNDS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);
    private static final Duration KEEPING = Duration.ofHours(12);
    private static final Duration LOOKING = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 3;

    /**
     * How rounds are run.
     *
     * @param largest how many new labels a round consumes at most, about; reading waits while there are so many
     * @param rehearsed how many earlier labels are kept to be learned again
     * @param rehearsal texts that the first model learned from, to be learned again
     */
    public record Plan(
            RoundTrigger trigger, FineTuning fineTuning, int largest, int rehearsed, List<Label> rehearsal) {}

    /** Is told what happens. */
    public interface Observer extends LabelReader.Observer {
        void ended(TrainingRound round);
    }

    /** What the trainer is doing. */
    public enum State {
        /** It looks for Kafka, or for its place in the group. */
        STARTING,
        /** Another trainer works. */
        STANDBY,
        /** It reads the labels that are there. */
        READING,
        /** It waits for labels. */
        WAITING,
        /** A round runs. */
        TRAINING,
        /** A round's result is being committed. */
        COMMITTING
    }

    /**
     * What is known of it just now.
     *
     * @param newLabels labels that no round has consumed
     * @param earlierLabels earlier labels that are kept
     * @param round the number of the round that runs; 0 if none does
     * @param step how far it is
     * @param fault what keeps it from working
     */
    public record Status(
            State state, int newLabels, int earlierLabels, int round, String step, Optional<String> fault) {}

    /** What became of a wish for a round. */
    public enum Answer {
        STARTING,
        RUNS_ALREADY,
        NO_LABELS,
        NOT_WORKING
    }

    private final Map<String, Object> kafka;
    private final SchemaIds ids;
    private final ModelTopic models;
    private final RoundTopic rounds;
    private final Plan plan;
    private final Observer observer;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "rounds");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<Optional<String>> asked = new AtomicReference<>(Optional.empty());
    private volatile Status status = new Status(State.STARTING, 0, 0, 0, "", Optional.empty());
    private volatile Optional<TrainingRound> lastRound = Optional.empty();
    private volatile Optional<Labels> known = Optional.empty();
    private Duration pause = LEAST_PAUSE;

    public Rounds(Map<String, Object> kafka, ModelTopic models, Plan plan, Observer observer, Clock clock) {
        this.kafka = kafka;
        this.ids = SchemaIds.ofRegistry(kafka);
        this.models = models;
        this.rounds = new RoundTopic(kafka, ids);
        this.plan = plan;
        this.observer = observer;
        this.clock = clock;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public Status status() {
        return status;
    }

    /** Whether its thread has ended although nobody closed it: the JVM ran out of memory. */
    public boolean ended() {
        return thread.getState() == Thread.State.TERMINATED && !closing();
    }

    /** The labels that are known; empty while this trainer does not work. */
    public Optional<Labels> labels() {
        return known;
    }

    /** The last round that was committed, as far as this trainer has seen. */
    public Optional<TrainingRound> lastRound() {
        return lastRound;
    }

    /** All rounds that were committed, in their order. */
    public List<TrainingRound> read() {
        return rounds.read();
    }

    /**
     * Asks for a round now, whatever the trigger says.
     *
     * @param because why, in a sentence
     */
    public Answer ask(String because) {
        Status now = status;
        return switch (now.state()) {
            case STARTING, STANDBY, READING -> Answer.NOT_WORKING;
            case TRAINING, COMMITTING -> Answer.RUNS_ALREADY;
            case WAITING -> {
                if (now.newLabels() == 0) yield Answer.NO_LABELS;
                asked.set(Optional.of(because));
                yield Answer.STARTING;
            }
        };
    }

    private boolean closing() {
        return closing.getCount() == 0;
    }

    private void run() {
        while (!closing()) {
            Optional<Work> work = Optional.empty();
            try (Consumer<byte[], byte[]> group = group()) {
                while (!closing()) {
                    group.poll(work.filter(Work::reads).isPresent() ? Duration.ZERO : POLL);
                    boolean ours = group.assignment().contains(LOCK);
                    if (!ours && work.isPresent()) {
                        LOG.warn("another trainer has taken over: what was not committed is left to it");
                        work.get().close();
                        work = Optional.empty();
                    }
                    if (ours) {
                        if (work.isEmpty()) work = Optional.of(new Work(group));
                        work.get().step();
                        pause = LEAST_PAUSE;
                    } else if (group.groupMetadata().generationId() >= 0 && status.state() != State.STANDBY) {
                        LOG.warnf("another trainer works in the group %s: standing by", GROUP);
                        status = new Status(State.STANDBY, 0, 0, 0, "another trainer works", Optional.empty());
                    }
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                work.ifPresent(Work::close);
            }
        }
    }

    private void failed(RuntimeException e) {
        if (closing()) return;
        String message =
                (e instanceof KafkaException || e instanceof IllegalStateException ? e.getMessage() : e.toString())
                        + (e.getCause() instanceof KafkaException cause ? ": " + cause.getMessage() : "");
        if (!status.fault().equals(Optional.of(message)))
            LOG.errorf("rounds cannot go on, which is tried again from what is committed: %s", message);
        LOG.debug("the fault", e);
        status = new Status(State.STARTING, 0, 0, 0, "", Optional.of(message));
        try {
            if (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS))
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A member of the group, which reads nothing: the partition that it may be assigned stands for the work. */
    private Consumer<byte[], byte[]> group() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putIfAbsent(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000); // how long the work of a trainer that was killed waits for another
        for (String serde : List.of("key.deserializer", "value.deserializer", "group.instance.id"))
            settings.remove(serde);
        settings.putAll(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                // Whoever has the partition keeps it when another trainer comes.
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false));
        Consumer<byte[], byte[]> group =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        group.subscribe(Set.of(LOCK.topic()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                group.pause(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
        });
        return group;
    }

    /** What a trainer does for as long as the work is its own. */
    private final class Work implements AutoCloseable {
        private final Consumer<byte[], byte[]> group;
        private final Labels labels = new Labels(plan.rehearsed());
        private final LabelReader reader;
        private int last;
        private Instant kept = Instant.EPOCH;
        private Instant looked = Instant.EPOCH;
        private Optional<Running> running = Optional.empty();

        Work(Consumer<byte[], byte[]> group) {
            this.group = group;
            status = new Status(State.READING, 0, 0, 0, "", Optional.empty());
            models.fence(); // else what is committed could not be told before the transaction of a trainer that was
            // killed has timed out
            List<TrainingRound> before = rounds.read();
            lastRound = before.stream().reduce((earlier, later) -> later);
            last = before.isEmpty() ? 0 : before.get(before.size() - 1).getNumber();
            Map<TopicPartition, Long> learned = new HashMap<>();
            before.stream()
                    .filter(TrainingRound::getPublished)
                    .forEach(round -> round.getConsumed()
                            .forEach((partition, offset) -> learned.put(labeled(partition), offset)));
            Map<TopicPartition, Long> consumed = new HashMap<>();
            Map<TopicPartition, Long> checked = new HashMap<>();
            // The group's offsets are gone when no trainer ran for a week; the last round's record is not.
            if (!before.isEmpty())
                before.get(before.size() - 1)
                        .getConsumed()
                        .forEach((partition, offset) -> consumed.put(labeled(partition), offset));
            group.committed(Set.copyOf(Committed.partitions(group, Topics.LABELED)))
                    .forEach((partition, offset) -> {
                        if (offset == null) return;
                        consumed.put(partition, offset.offset());
                        checked.put(
                                partition,
                                offset.metadata().matches("\\d{1,18}")
                                        ? Long.parseLong(offset.metadata())
                                        : offset.offset());
                    });
            plan.rehearsal().forEach(labels::rehearse);
            reader = new LabelReader(kafka, ids, labels, learned, consumed, checked, observer);
            known = Optional.of(labels);
            LOG.infof("this trainer works: %d rounds so far", last);
        }

        /** Whether there is room for more labels. */
        boolean reads() {
            return labels.fresh() < plan.largest();
        }

        void step() {
            if (reads()) {
                List<ProducerRecord<byte[], byte[]>> rejected = reader.poll(POLL);
                if (!rejected.isEmpty()) {
                    // With the offsets up to which labels were checked, so that none is rejected twice.
                    models.publish(
                            Optional.empty(),
                            "",
                            new ModelTopic.Beside(
                                    publication -> rejected, offsets(reader.consumed()), group.groupMetadata()));
                }
            }
            if (running.isPresent()) {
                if (running.get().training.isDone()) conclude(running.get());
            } else if (!reads() || reader.caughtUp()) {
                Instant now = clock.instant();
                plan.trigger()
                        .because(labels.fresh(), reader.waitingSince(), now)
                        .or(() -> labels.fresh() > 0 ? asked.getAndSet(Optional.empty()) : Optional.empty())
                        .or(() -> plan.trigger().inDrift(labels.fresh(), reader.waitingSince(), now, () -> drift(now)))
                        .ifPresent(because -> begin(because, now));
            }
            keepOffsets(clock.instant());
            State state = running.isPresent()
                    ? State.TRAINING
                    : reader.caughtUp() || !reads() ? State.WAITING : State.READING;
            status = new Status(
                    state,
                    labels.fresh(),
                    labels.earlier(),
                    running.map(round -> round.number).orElse(0),
                    running.map(round -> round.step).orElse(""),
                    Optional.empty());
        }

        /** Drift of the active version that no round knew of, looked for not too often. */
        private Optional<Drift> drift(Instant now) {
            if (now.isBefore(looked.plus(LOOKING))) return Optional.empty();
            looked = now;
            List<Drift> drifts = Drift.read(kafka, ids).stream()
                    .filter(drift -> drift.isNewSince(lastRound.map(TrainingRound::getStartedAt)))
                    .toList();
            if (drifts.isEmpty()) return Optional.empty();
            Optional<String> active = models.read().activation().map(Activation::getVersion);
            return drifts.stream()
                    .filter(drift -> active.filter(drift::isOf).isPresent())
                    .max(Comparator.comparing(Drift::toldAt));
        }

        /** The broker forgets in a week the offsets of topics that a group has not subscribed to. */
        private void keepOffsets(Instant now) {
            if (now.isBefore(kept.plus(KEEPING))) return;
            group.commitSync(offsets(reader.consumed()));
            kept = now;
        }

        private void begin(String because, Instant now) {
            asked.set(Optional.empty());
            ModelLog log = models.read();
            Optional<String> version = log.activation().map(Activation::getVersion);
            if (version.isEmpty())
                throw new IllegalStateException("no model is active that a round could start from: activate one");
            ModelArtefact active;
            try {
                active = ModelArtefact.read(log.model(version.get()).artefact());
            } catch (InvalidModelException | InvalidArtefactException e) {
                throw new IllegalStateException(
                        "no round can start from the active model " + version.get() + ": " + e.getMessage(), e);
            }
            running = Optional.of(new Running(last + 1, now, because, active, labels.taken(), reader.positions()));
            LOG.infof("round %d starts from %s: %s", last + 1, active.version(), because);
        }

        private void conclude(Running round) {
            running = Optional.empty();
            FineTuning.Outcome outcome;
            try {
                outcome = round.training.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error && !(error instanceof OutOfMemoryError)) throw error;
                LOG.errorf(e.getCause(), "round %d failed", round.number);
                outcome = FineTuning.Outcome.failed(String.valueOf(e.getCause().getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            status = new Status(
                    State.COMMITTING,
                    labels.fresh(),
                    labels.earlier(),
                    round.number,
                    outcome.published() ? "publishing" : "withholding",
                    Optional.empty());
            TrainingRound[] record = new TrainingRound[1];
            FineTuning.Outcome decided = outcome;
            try {
                commit(
                        outcome,
                        new ModelTopic.Beside(
                                publication -> {
                                    record[0] = round.record(decided, publication.bytes(), clock.instant());
                                    return List.of(rounds.record(record[0]));
                                },
                                offsets(round.until),
                                group.groupMetadata()));
            } catch (ModelTopic.ActiveChangedException e) {
                LOG.warnf("round %d starts again: %s", round.number, e.getMessage());
                asked.set(Optional.of(round.because));
                return;
            }
            last = round.number;
            labels.consumed(round.labels, outcome.published());
            reader.consumed(round.until, clock.instant());
            LOG.infof(
                    "round %d %s %s: %s",
                    round.number,
                    outcome.published() ? "published" : "withheld",
                    record[0].getCandidate().orElse("what it was to make"),
                    outcome.decision().because());
            lastRound = Optional.of(record[0]);
            observer.ended(record[0]);
        }

        /** Who publishes by hand in the same moment fences us, and is done in the next. */
        private void commit(FineTuning.Outcome outcome, ModelTopic.Beside beside) {
            for (int attempt = 1; ; attempt++) {
                try {
                    models.publish(
                            outcome.made()
                                    .filter(made -> outcome.published())
                                    .map(TrainedModel::model)
                                    .map(Artefacts::published),
                            outcome.decision().because(),
                            beside);
                    return;
                } catch (KafkaException e) {
                    if (!(e.getCause() instanceof ProducerFencedException) || attempt == ATTEMPTS) throw e;
                }
            }
        }

        private Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Long> consumed) {
            Map<TopicPartition, Long> checked = reader.checked();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            Stream.of(consumed, checked)
                    .flatMap(map -> map.keySet().stream())
                    .distinct()
                    .forEach(partition -> {
                        long offset = consumed.getOrDefault(partition, 0L);
                        offsets.put(
                                partition,
                                new OffsetAndMetadata(
                                        offset, Long.toString(Math.max(offset, checked.getOrDefault(partition, 0L)))));
                    });
            return offsets;
        }

        @Override
        public void close() {
            running.ifPresent(Running::cancel);
            known = Optional.empty();
            reader.close();
        }
    }

    /** A round whose training runs on a thread of its own. */
    private final class Running implements TrainingProgress {
        final int number;
        final Instant startedAt;
        final String because;
        final ModelArtefact active;
        final Labels.Taken labels;
        final Map<TopicPartition, Long> until;
        final FutureTask<FineTuning.Outcome> training;
        private final Thread trainer;
        volatile String step = "reading texts";
        private volatile boolean cancelled;

        Running(
                int number,
                Instant startedAt,
                String because,
                ModelArtefact active,
                Labels.Taken labels,
                Map<TopicPartition, Long> until) {
            this.number = number;
            this.startedAt = startedAt;
            this.because = because;
            this.active = active;
            this.labels = labels;
            this.until = until;
            this.training = new FutureTask<>(() -> plan.fineTuning().of(number, active, labels, this));
            this.trainer = new Thread(training, "round-" + number);
            trainer.setDaemon(true);
            trainer.start();
        }

        /** Ends with the batch that it is at, so that never two train at once. */
        void cancel() {
            cancelled = true;
            try {
                trainer.join(PATIENCE_AT_CLOSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {}

        @Override
        public void teacherEpoch(int done, int all, Duration left) {}

        @Override
        public void resumed(int epochs) {}

        @Override
        public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
            if (cancelled) throw new CancellationException();
            step = String.format("epoch %d, %.0f %%", epoch, 100 * share);
        }

        @Override
        public void epoch(Epoch epoch, boolean best) {
            step = "measuring after epoch " + epoch.number();
        }

        TrainingRound record(FineTuning.Outcome outcome, long bytes, Instant now) {
            return new TrainingRound(
                    number,
                    startedAt.truncatedTo(ChronoUnit.MILLIS),
                    now.truncatedTo(ChronoUnit.MILLIS),
                    because,
                    active.version(),
                    outcome.made().map(made -> made.model().version()).orElse(null),
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
                    bytes,
                    until.entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> Integer.toString(entry.getKey().partition()), Map.Entry::getValue)),
                    outcome.made()
                            .map(TrainedModel::report)
                            .map(ModelReport::toJson)
                            .orElse(null));
        }
    }

    private static TopicPartition labeled(String partition) {
        return new TopicPartition(Topics.LABELED.name(), Integer.parseInt(partition));
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

    /** Ends in order; a round that trains is given up, and starts again with the next trainer. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(2 * PATIENCE_AT_CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
