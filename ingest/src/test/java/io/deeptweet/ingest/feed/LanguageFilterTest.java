// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageFilterTest {
    private final LanguageFilter englishOrUnknown = LanguageFilter.of("en, und");

    @ParameterizedTest
    @ValueSource(strings = {"en", "EN", "en-GB", "en_us", "und", "zxx", "qme", "qht", ""})
    void englishAndUnknownPass(String language) {
        assertThat(englishOrUnknown.passes(Optional.of(language))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "ja", "es-MX", "enm", "qu"})
    void otherLanguagesDoNotPass(String language) {
        assertThat(englishOrUnknown.passes(Optional.of(language))).isFalse();
    }

    @Test
    void aTweetWithoutALanguageIsUnknown() {
        assertThat(englishOrUnknown.passes(Optional.empty())).isTrue();
        assertThat(LanguageFilter.of("en").passes(Optional.empty())).isFalse();
        assertThat(LanguageFilter.of("*").passes(Optional.of("ja"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "english", "e1"})
    void aListThatIsNotOfLanguagesIsInvalid(String list) {
        assertThatThrownBy(() -> LanguageFilter.of(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("en,und");
    }
}
