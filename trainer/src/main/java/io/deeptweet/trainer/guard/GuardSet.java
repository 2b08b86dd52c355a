// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.guard;

import io.deeptweet.trainer.data.LabeledText;
import java.util.List;

/**
 * Texts whose labels the operator trusts. They come from the program and from files, never from the topic of labels, so
 * that no labeller can change them.
 *
 * @param behaviour the behavioural cases; empty if they are switched off
 * @param texts the operator's texts; empty if there are none
 */
public record GuardSet(List<LabeledText> behaviour, List<LabeledText> texts) {
    public GuardSet {
        behaviour = List.copyOf(behaviour);
        texts = List.copyOf(texts);
    }

    /** Whether there is nothing to guard with. */
    public boolean isEmpty() {
        return behaviour.isEmpty() && texts.isEmpty();
    }
}
