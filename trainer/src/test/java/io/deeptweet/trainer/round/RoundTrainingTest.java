// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.publish.TestModels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RoundTrainingTest {
    private final Round round = new Round(
            3,
            Instant.EPOCH,
            "a test",
            TestModels.untrained(List.of("good")),
            new RoundLabels(List.of(), List.of(), List.of(), List.of()),
            List.of(),
            GuardHistory.NONE,
            Map.of());

    @Test
    void anExceptionIsAFailedRound() {
        try (RoundTraining training = RoundTraining.start(round, progress -> {
            throw new IllegalStateException("no reason");
        })) {
            assertThatThrownBy(training::outcome)
                    .isInstanceOf(RoundFailedException.class)
                    .hasMessage("no reason");
        }
    }

    @Test
    void tooLittleMemoryIsAFailedRound() {
        try (RoundTraining training = RoundTraining.start(round, progress -> {
            throw new OutOfMemoryError("thrown by a test");
        })) {
            assertThatThrownBy(training::outcome)
                    .isInstanceOf(RoundFailedException.class)
                    .hasMessage("too little memory (thrown by a test)");
        }
    }

    @Test
    void anotherErrorEndsTheTrainer() {
        try (RoundTraining training = RoundTraining.start(round, progress -> {
            throw new AssertionError("a bug");
        })) {
            assertThatThrownBy(training::outcome)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("a bug");
        }
    }

    @Test
    void itIsCancelledAtTheNextBatch() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        RoundTraining training = RoundTraining.start(round, progress -> {
            while (true) {
                progress.batch(2, 0.5, 0.1, 1000, Duration.ZERO);
                started.countDown();
            }
        });
        started.await();
        assertThat(training.isDone()).isFalse();
        training.close();
        assertThat(training.isDone())
                .as("closing waits for the end of the batch")
                .isTrue();
        assertThat(training.step()).isEqualTo("epoch 2, 50 %");
    }
}
