// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationConverterTest {
    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        " 1m , PT1M",
        "1H, PT1H",
        "1d, PT24H",
        "3650d, PT87600H",
        "500ms, PT0.5S",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        "-5s, PT-5S",
        "PT10S, PT10S",
        "P1D, PT24H",
        "pt1m, PT1M",
        "0s, PT0S"
    })
    void durationsAreReadAsPeopleAndAsIso8601WriteThem(String value, Duration duration) {
        assertThat(new DurationConverter().convert(value)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "30", "10 s", "1w", "s", "PT", "99999999999999999999d", "999999999999999999d"})
    void anythingElseIsRefused(String value) {
        assertThatThrownBy(() -> new DurationConverter().convert(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1500ms", "0.5s"})
    void fractionsOfASecondAreRefusedWhereWholeSecondsAreMeant(String value) {
        assertThatThrownBy(() -> new WholeSecondsConverter().convert(value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new WholeSecondsConverter().convert("2000ms")).isEqualTo(Duration.ofSeconds(2));
    }
}
