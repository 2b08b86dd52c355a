// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UntrustedTextTest {
    private static final String SAFE = "(?s)(?:\u200d|[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}])*";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clear \u001b[2J",
                "title \u001b]0;owned\u0007",
                "C1 \u009b31m",
                "bell \u0007",
                "back \b\b\b",
                "return \rfake",
                "delete \u007f",
                "null \0",
                "override \u202etxt.exe",
                "isolate \u2066x\u2069",
                "mark \u200f",
                "arabic mark \u061c",
                "line \u2028 paragraph \u2029",
                "next line \u0085",
                "zero-width space \u200b and no-break \ufeff",
                "soft hyphen \u00ad",
                "tag characters \udb40\udc41\udb40\udc42",
                "annotation \ufff9",
                "high surrogate \ud83d",
                "low surrogate \ude00"
            })
    void unsafeCharactersAreReplacedInTextAndEscapedInJson(String text) {
        assertThat(UntrustedText.oneLine(text)).contains("\uFFFD").matches(SAFE);

        String json = '"' + text.chars().mapToObj(UntrustedTextTest::jsonChar).reduce("", String::concat) + '"';
        assertThat(UntrustedText.json(json)).matches(SAFE);
        assertThat(UntrustedText.jsonForHtml(json)).matches(SAFE);
        assertThat(unescaped(UntrustedText.json(json)))
                .as("the JSON means the same")
                .isEqualTo(unescaped(json));
        assertThat(unescaped(UntrustedText.jsonForHtml(json))).isEqualTo(unescaped(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "what a day!", "👩‍👩‍👧 🏳️‍🌈 👍🏽", "مرحبا שלום", "z\u0301 café", "<b>&amp;</b>"})
    void readableTextIsKept(String text) {
        assertThat(UntrustedText.oneLine(text)).isEqualTo(text);
        assertThat(UntrustedText.json(text)).isEqualTo(text);
    }

    @Test
    void severalLinesBecomeOne() {
        assertThat(UntrustedText.oneLine("one\ntwo\r\nthree\n\nfive\tsix")).isEqualTo("one⏎two⏎three⏎⏎five six");
    }

    @Test
    void jsonForAPageHoldsNoMarkup() {
        assertThat(UntrustedText.jsonForHtml("[\"</script>&amp;\"]"))
                .isEqualTo("[\"\\u003c/script\\u003e\\u0026amp;\"]");
    }

    @Test
    void aQuoteIsOneShortLine() {
        assertThat(UntrustedText.quoted("soon\n\u001b[2J")).isEqualTo("\"soon⏎\uFFFD[2J\"");
        assertThat(UntrustedText.quoted("a".repeat(80))).isEqualTo('"' + "a".repeat(80) + '"');
        assertThat(UntrustedText.quoted("a".repeat(81))).isEqualTo('"' + "a".repeat(80) + "…\"");
    }

    @Test
    void aCutNeverSplitsACharacter() {
        assertThat(UntrustedText.shortened("ab", 2)).isEqualTo("ab");
        assertThat(UntrustedText.shortened("abc", 2)).isEqualTo("ab…");
        assertThat(UntrustedText.shortened("a😀b", 2)).isEqualTo("a…");
        assertThat(UntrustedText.shortened("a😀b", 3)).isEqualTo("a😀…");
        assertThat(UntrustedText.shortened("abc", 0)).isEqualTo("…");
    }

    /** As a JSON writer does it: control characters below a space are escaped, all others stand as they are. */
    private static String jsonChar(int c) {
        return c < ' ' ? String.format("\\u%04x", c) : Character.toString((char) c);
    }

    private static String unescaped(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            boolean escape = json.startsWith("\\u", i);
            text.append(escape ? (char) Integer.parseInt(json.substring(i + 2, i + 6), 16) : json.charAt(i));
            if (escape) i += 5;
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/x,              https://a.example/x",
        "https://me:pw@a.example/x,        https://a.example/x",
        "https://me:p@w@my_host/,          https://my_host/",
        "me:pw@a.example,                  a.example",
        "https:me:pw@a.example,            a.example",
        "https//me:pw@a.example,           a.example",
        "https://me:p/w?#%zz@a.example:99999999999, https://a.example:99999999999",
        "'https://a:p@a.example,https://b:q@b.example', https://b.example",
        "'https://me:p\nw@a.example',      https://a.example",
    })
    void anAddressIsShownWithoutUserAndPassword(String address, String shown) {
        assertThat(UntrustedText.withoutUserInfo(address)).isEqualTo(shown);
    }
}
