// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitSumTest {
    private static LogitSum.Texts texts(int count, double networkScale, double ngramScale, double bias, long seed) {
        Random random = new Random(seed);
        float[][] logits = new float[count][2];
        float[] targets = new float[count];
        float[] shares = new float[count];
        Arrays.fill(shares, 1);
        for (int i = 0; i < count; i++) {
            logits[i][0] = (float) (2 * random.nextGaussian());
            logits[i][1] = (float) (2 * random.nextGaussian());
            double logit = networkScale * logits[i][0] + ngramScale * logits[i][1] + bias;
            targets[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
        }
        return new LogitSum.Texts(logits, targets, shares);
    }

    @Test
    void manyTextsGiveTheScalesOfTheirLabels() {
        LogitSum sum = LogitSum.fit(texts(20_000, 0.8, 0.3, -0.5, 1));
        assertThat(sum.networkScale()).isCloseTo(0.8, within(0.05));
        assertThat(sum.ngramScale()).isCloseTo(0.3, within(0.05));
        assertThat(sum.bias()).isCloseTo(-0.5, within(0.06));
    }

    /** Ten texts that are all right say that the probability of an error is about a tenth, not zero. */
    @Test
    void fewTextsDoNotMakeAModelSure() {
        float[][] logits = new float[10][1];
        float[] targets = new float[10];
        float[] shares = new float[10];
        Arrays.fill(shares, 1);
        for (int i = 0; i < 10; i++) {
            targets[i] = i % 2;
            logits[i][0] = targets[i] == 1 ? 15 : -15;
        }
        LogitSum sum = LogitSum.fit(new LogitSum.Texts(logits, targets, shares));
        double probability = 1 / (1 + Math.exp(-sum.networkScale() * 15 - sum.bias()));
        assertThat(probability).isBetween(0.7, 0.95);
    }

    @Test
    void otherTextsCalibrateWithoutChangingTheProportion() {
        LogitSum sum = LogitSum.fit(texts(5_000, 2, 1, 0, 2));
        LogitSum calibrated = sum.calibrated(texts(20_000, 0.6, 0.3, 0.4, 3));
        assertThat(calibrated.networkScale() / calibrated.ngramScale())
                .isCloseTo(sum.networkScale() / sum.ngramScale(), within(1e-9));
        assertThat(calibrated.networkScale()).isCloseTo(0.6, within(0.05));
        assertThat(calibrated.bias()).isCloseTo(0.4, within(0.06));
    }

    @Test
    void aHeadWithoutTextsIsLeftAsItIs() {
        LogitSum.Texts none = new LogitSum.Texts(new float[0][], new float[0], new float[0]);
        assertThat(LogitSum.fit(none)).isEqualTo(LogitSum.UNCHANGED);
        assertThat(LogitSum.UNCHANGED.calibrated(none)).isEqualTo(LogitSum.UNCHANGED);
    }
}
