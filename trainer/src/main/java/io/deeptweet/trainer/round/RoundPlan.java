// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.train.TrainingProgress;
import java.util.List;

/**
 * How rounds are run.
 *
 * @param largest about how many new labels a round consumes at most; while there are as many, no more are read
 * @param rehearsed most earlier labels that are kept for rehearsal
 * @param rehearsal texts that the first model was trained on, for rehearsal
 * @param recent most recent tweets of which verdicts are compared; 0 or more
 * @param attempts how often a round that fails is tried; at least 1
 * @param threads threads of the native training library; at least 1
 */
public record RoundPlan(
        RoundTrigger trigger,
        FineTuning fineTuning,
        int largest,
        int rehearsed,
        List<Label> rehearsal,
        int recent,
        int attempts,
        int threads) {
    public RoundPlan {
        rehearsal = List.copyOf(rehearsal);
    }

    /** Fine-tunes a round's model. */
    RoundOutcome fineTune(Round round, TrainingProgress progress) {
        // Here and not at start: this loads the native libraries, which takes seconds and memory.
        NativeThreads.limit(threads);
        return fineTuning.of(round.input(), progress);
    }
}
