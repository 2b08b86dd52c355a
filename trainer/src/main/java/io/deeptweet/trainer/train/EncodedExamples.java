// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import java.util.List;

/**
 * Examples as rows of a vocabulary.
 *
 * @param rows (texts, each text's length) rows of the vocabulary
 * @param targets (texts) probabilities of being positive, in [0, 1]
 */
record EncodedExamples(int[][] rows, float[] targets) {
    static EncodedExamples of(List<Example> examples, Vocabulary vocabulary) {
        int[][] rows = new int[examples.size()][];
        float[] targets = new float[examples.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = vocabulary.rows(examples.get(i).tokens(), Integer.MAX_VALUE);
            targets[i] = examples.get(i).target();
        }
        return new EncodedExamples(rows, targets);
    }

    int size() {
        return rows.length;
    }

    /** (texts) whether the target is at least one half. */
    boolean[] positive() {
        boolean[] positive = new boolean[targets.length];
        for (int i = 0; i < positive.length; i++) positive[i] = targets[i] >= 0.5f;
        return positive;
    }
}
