// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.train.Epoch;
import io.deeptweet.trainer.train.TrainingProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The fine-tuning of a round, on a thread of its own. */
final class RoundTraining implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RoundTraining.class);
    /** A batch takes less than a second. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Round round;
    private final FutureTask<RoundOutcome> training;
    private final Thread thread;
    private volatile String step = "reading texts";
    private volatile boolean cancelled;

    private RoundTraining(Round round, Function<TrainingProgress, RoundOutcome> fineTuning) {
        this.round = round;
        this.training = new FutureTask<>(() -> fineTuning.apply(new Progress()));
        this.thread = new Thread(training, "round-" + round.number());
        thread.setDaemon(true);
    }

    /** Starts the fine-tuning of a round. */
    static RoundTraining start(Round round, Function<TrainingProgress, RoundOutcome> fineTuning) {
        RoundTraining started = new RoundTraining(round, fineTuning);
        started.thread.start();
        return started;
    }

    Round round() {
        return round;
    }

    boolean isDone() {
        return training.isDone();
    }

    /** How far it is, in words. */
    String step() {
        return step;
    }

    /**
     * The outcome; waits for it if need be.
     *
     * @throws RoundFailedException if training ended with an exception or with OutOfMemoryError: a round that needs too
     *     much memory has freed it by now, and the trainer can go on
     * @throws Error that training ended with otherwise
     */
    RoundOutcome outcome() throws InterruptedException, RoundFailedException {
        try {
            return training.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error && !(error instanceof OutOfMemoryError)) throw error;
            LOG.errorf(e.getCause(), "round %d failed", round.number());
            throw new RoundFailedException(e.getCause());
        }
    }

    /** Cancels the training and waits until it has ended with its current batch, so that two never run at once. */
    @Override
    public void close() {
        cancelled = true;
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Progress implements TrainingProgress {
        @Override
        public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
            if (cancelled) throw new CancellationException();
            step = String.format(Locale.ROOT, "epoch %d, %.0f %%", epoch, 100 * share);
        }

        @Override
        public void epoch(Epoch epoch, boolean best) {
            step = "validating after epoch " + epoch.number();
        }

        // Rounds have no teacher and no checkpoint.

        @Override
        public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {}

        @Override
        public void teacherEpoch(int done, int all, Duration left) {}

        @Override
        public void resumed(int epochs) {}
    }
}
