// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.train.FrozenLayers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A {@link RoundRunner} in this JVM, which trains in a second, and what it told its observer. */
final class TestRunner implements AutoCloseable {
    final RecordingObserver observer = new RecordingObserver();
    final FastClock clock = new FastClock();
    private final RoundRunner runner;

    private TestRunner(RoundFixture fixture, int labels) {
        runner = new RoundRunner(
                fixture.client,
                SchemaIds.ofRegistry(fixture.client),
                fixture.models,
                new RoundPlan(
                        new RoundTrigger(labels, Duration.ofHours(1), Duration.ofSeconds(1)),
                        new FineTuning(
                                3,
                                0.01,
                                FrozenLayers.EMBEDDING,
                                1,
                                new Gate(0.05, 0.005, 0.02, 1),
                                new GuardSet(List.of(), RoundFixture.guard()),
                                LabelerShare.UNBOUNDED),
                        100_000,
                        20_000,
                        List.of(),
                        1_000,
                        3,
                        1),
                observer,
                clock);
    }

    /** Starts one whose rounds start after this many labels, or a second after the first of fewer in drift. */
    static TestRunner start(RoundFixture fixture, int labels) {
        TestRunner started = new TestRunner(fixture, labels);
        started.runner.start();
        return started;
    }

    RoundStatus status() {
        return runner.status();
    }

    RoundRequest request(String because) {
        return runner.request(because);
    }

    void await(RoundStatus.State state) {
        Awaitility.await().atMost(RoundFixture.PATIENCE).until(() -> status().state() == state);
    }

    void awaitNewLabels(int count) {
        Awaitility.await()
                .atMost(RoundFixture.PATIENCE)
                .until(() -> status().state() == RoundStatus.State.WAITING && status().newLabels() == count);
    }

    @Override
    public void close() {
        runner.close();
    }

    /** Runs ten times as fast as time does, because drift is looked for every 5 seconds only. */
    static final class FastClock extends Clock {
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();

        @Override
        public Instant instant() {
            return start.plusNanos(10 * (System.nanoTime() - startNanos));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** Keeps all that it is told. */
    static final class RecordingObserver implements RoundObserver {
        final List<LabelStore.Outcome> outcomes = new CopyOnWriteArrayList<>();
        final List<Rejection> rejections = new CopyOnWriteArrayList<>();
        final List<TrainingRound> rounds = new CopyOnWriteArrayList<>();
        final AtomicInteger removed = new AtomicInteger();

        long count(LabelStore.Outcome outcome) {
            return outcomes.stream().filter(outcome::equals).count();
        }

        @Override
        public void read(LabelStore.Outcome outcome) {
            outcomes.add(outcome);
        }

        @Override
        public void removed() {
            removed.incrementAndGet();
        }

        @Override
        public void rejected(Rejection rejection) {
            rejections.add(rejection);
        }

        @Override
        public void ended(TrainingRound round) {
            rounds.add(round);
        }
    }
}
