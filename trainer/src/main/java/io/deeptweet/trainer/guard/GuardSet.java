// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.guard;

import io.deeptweet.trainer.check.BehaviouralTest;
import io.deeptweet.trainer.data.LabeledText;
import java.util.List;

/**
 * What no candidate of a round may lose on, whoever gave the round's labels: behavioural tests and texts. They come
 * from the program and from files, never from the topic of labels, so that no labeller can change them.
 *
 * @param behaviour behavioural tests; empty if they are switched off
 * @param texts the operator's texts; empty if there are none
 */
public record GuardSet(List<BehaviouralTest> behaviour, List<LabeledText> texts) {
    public GuardSet {
        behaviour = List.copyOf(behaviour);
        texts = List.copyOf(texts);
    }

    /** The number of cases of the behavioural tests. */
    public long cases() {
        return behaviour.stream().mapToLong(test -> test.cases().size()).sum();
    }

    /** Whether there is nothing to guard with. */
    public boolean isEmpty() {
        return behaviour.isEmpty() && texts.isEmpty();
    }
}
