// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimiterTest {
    @Test
    void quotesAroundFieldsAreNotPartOfThem() throws MalformedRecordException {
        assertThat(Delimiter.COMMA.fields("1,\"two, \"\"quoted\"\"\nlines\",a 6\" screen,, x "))
                .containsExactly("1", "two, \"quoted\"\nlines", "a 6\" screen", "", " x ");
        assertThat(Delimiter.TAB.fields("1\the said,\"wow\tx")).containsExactly("1", "he said,\"wow", "x");
        assertThat(Delimiter.SEMICOLON.fields("a,b;\"c;d\"")).containsExactly("a,b", "c;d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"open", "1,\"a\" b", "1,a\n2,b", ""})
    void whatIsNotOneRecordIsMalformed(String record) {
        assertThatThrownBy(() -> Delimiter.COMMA.fields(record))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageMatching("not (a|one) delimited record.+");
    }
}
