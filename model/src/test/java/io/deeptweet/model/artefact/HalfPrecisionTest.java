// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HalfPrecisionTest {
    private static final int INFINITY = 0x7C00;

    @ParameterizedTest
    @CsvSource({
        "0, 0000",
        "-0, 8000",
        "1, 3C00",
        "-2, C000",
        "65504, 7BFF",
        "-65504, FBFF",
        "0x1p-14, 0400",
        "0x1p-24, 0001",
        "0x3FFp-24, 03FF",
        "0.333251953125, 3555",
        "0.1, 2E66",
    })
    void theBitsAreThoseOfTheStandard(String value, String bits) {
        assertThat(HalfPrecision.of(Float.parseFloat(value))).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @Test
    void everyHalfIsExactAsAFloat() {
        for (int bits = 0; bits < 0x10000; bits++) {
            if ((bits & INFINITY) == INFINITY) continue;
            assertThat(HalfPrecision.of(HalfPrecision.toFloat((short) bits))).isEqualTo((short) bits);
        }
        assertThat(HalfPrecision.toFloat((short) INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(HalfPrecision.toFloat((short) 0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(HalfPrecision.toFloat((short) 0x7C01)).isNaN();
        assertThat(HalfPrecision.toFloat((short) 0xFFFF)).isNaN();
    }

    /** The value of a half's bits by its definition. */
    @Test
    void theValueIsThatOfTheDefinition() {
        for (int bits = 0; bits < INFINITY; bits++) {
            int exponent = bits >> 10;
            int significand = bits & 0x3FF;
            double value =
                    exponent == 0 ? significand * 0x1p-24 : (1 + significand / 1024.0) * Math.pow(2, exponent - 15);
            assertThat((double) HalfPrecision.toFloat((short) bits)).isEqualTo(value);
            assertThat((double) HalfPrecision.toFloat((short) (bits | 0x8000))).isEqualTo(-value);
        }
    }

    /** Between each half and the next one: exactly halfway the even one, otherwise the nearer one. */
    @Test
    void valuesBetweenTwoHalvesAreRoundedHalfToEven() {
        for (int bits = 0; bits < INFINITY - 1; bits++) {
            float low = HalfPrecision.toFloat((short) bits);
            float high = HalfPrecision.toFloat((short) (bits + 1));
            float middle = (low + high) / 2; // exact
            assertRounded(middle, (bits & 1) == 0 ? bits : bits + 1);
            assertRounded(Math.nextDown(middle), bits);
            assertRounded(Math.nextUp(middle), bits + 1);
            assertRounded(Math.nextUp(low), bits);
            assertRounded(Math.nextDown(high), bits + 1);
        }
        assertRounded(Float.MIN_VALUE, 0);
    }

    private static void assertRounded(float value, int bits) {
        if (HalfPrecision.of(value) != (short) bits || HalfPrecision.of(-value) != (short) (bits | 0x8000))
            throw new AssertionError(value + " is not rounded to " + HalfPrecision.toFloat((short) bits));
    }

    @Test
    void theErrorIsAtMostHalfOfTheLastBit() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(28) - 15));
            double error = Math.abs((double) HalfPrecision.toFloat(HalfPrecision.of(value)) - value);
            assertThat(error).isLessThanOrEqualTo(Math.max(Math.abs(value) * 0x1p-11, 0x1p-25));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {65520, -65520, 1e10f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN})
    void whatIsTooLargeIsRefused(float value) {
        assertThatThrownBy(() -> HalfPrecision.of(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(value + " is beyond half precision, which reaches from -65504 to 65504");
        assertThat(HalfPrecision.toFloat(HalfPrecision.of(Math.nextDown(65520f))))
                .isEqualTo(HalfPrecision.MAX_VALUE);
    }
}
