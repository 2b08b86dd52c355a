// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Weights.Head;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final Weights WEIGHTS = RandomModels.weights(5, 3, 2, 1);

    @Test
    void theMeanIsTakenOfEachHead() {
        Weights first = WEIGHTS.withHeads(List.of(head(1, 4), head(10, 40)));
        Weights second = WEIGHTS.withHeads(List.of(head(2, 8), head(20, 80)));
        Weights mean = Weights.mean(List.of(first, second));
        assertThat(mean).usingRecursiveComparison().isEqualTo(WEIGHTS.withHeads(List.of(head(1.5f, 6), head(15, 60))));
    }

    @Test
    void aModelHasOneOrTwoHeads() {
        for (int heads : new int[] {0, 3})
            assertThatThrownBy(() -> WEIGHTS.withHeads(Collections.nCopies(heads, head(1, 1))))
                    .hasMessage("a model has one or two heads, not " + heads);
    }

    @Test
    void theHeadsHaveTheSameNumberOfBuckets() {
        assertThatThrownBy(
                        () -> WEIGHTS.withHeads(List.of(head(1, 1), head(1, 1).withNgrams(new float[8]))))
                .hasMessage("ngrams has 8 values, needs 4");
        assertThatThrownBy(() -> head(1, 1).withNgrams(new float[3]))
                .hasMessage("ngrams has 3 values, needs none or a power of two");
    }

    private static Head head(float dense, float others) {
        return new Head(new float[] {dense, 0, 0, -dense}, others, new float[] {others, 0, 1, 2});
    }
}
