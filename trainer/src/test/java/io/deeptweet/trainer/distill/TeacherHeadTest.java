// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.trainer.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TeacherHeadTest {
    private static final int FEATURES = 8;

    private static float[][] vectors(int texts, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[texts][FEATURES];
        for (float[] vector : vectors) for (int i = 0; i < FEATURES; i++) vector[i] = (float) random.nextGaussian();
        return vectors;
    }

    private static final TeacherHead.EpochListener IGNORED = (done, all, left) -> {};

    /** Whether the signs of the first two features agree, which no linear model can tell. */
    private static boolean[] positive(float[][] vectors) {
        boolean[] positive = new boolean[vectors.length];
        for (int i = 0; i < positive.length; i++) positive[i] = vectors[i][0] * vectors[i][1] > 0;
        return positive;
    }

    private static TeacherHead fit(float[][] vectors, TeacherHead.EpochListener progress) {
        float[][] validation = vectors(500, 3);
        return TeacherHead.fit(vectors, positive(vectors), validation, positive(validation), progress);
    }

    @Test
    void itLearnsWhatNoLinearModelCan() {
        TeacherHead head = fit(vectors(2000, 1), IGNORED);
        float[][] others = vectors(3000, 2); // more than are classified at once
        float[] probabilities = head.probabilities(others);
        assertThat(probabilities).hasSize(others.length);
        for (float probability : probabilities) assertThat(probability).isBetween(0f, 1f);
        assertThat(Evaluation.of(probabilities, positive(others)).accuracy()).isGreaterThan(0.8);
    }

    @Test
    void theSameTextsGiveTheSameHead() {
        float[][] vectors = vectors(100, 1);
        assertThat(fit(vectors, IGNORED).probabilities(vectors))
                .isEqualTo(fit(vectors, IGNORED).probabilities(vectors));
    }

    @Test
    void itReportsItsProgress() {
        List<String> reported = new ArrayList<>();
        fit(vectors(10, 1), (done, all, left) -> reported.add(done + " of " + all));
        assertThat(reported).startsWith("1 of " + reported.size()).endsWith(reported.size() + " of " + reported.size());
    }
}
