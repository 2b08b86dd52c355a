// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.StrongWord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
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
                "alone \ud83d",
                "alone \ude00"
            })
    void nothingThatATerminalObeysIsLeft(String text) throws Exception {
        assertThat(Printable.harmless(text))
                .contains("\uFFFD")
                .matches("[^\\p{Cc}\\p{Zl}\\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*")
                .doesNotContain("\ud83d", "\ude00");

        String json = new ObjectMapper().writeValueAsString(text);
        assertThat(Printable.harmlessJson(json))
                .matches("[^\\p{Cc}\\p{Zl}\\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*")
                .doesNotContain("\ud83d", "\ude00");
        assertThat(new ObjectMapper().readValue(Printable.harmlessJson(json), String.class))
                .as("the JSON means the same")
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "what a day!", "👩‍👩‍👧 🏳️‍🌈 👍🏽", "مرحبا שלום", "z\u0301 café", "<b>&amp;</b>"})
    void textThatIsOnlyTextStaysAsItIs(String text) {
        assertThat(Printable.harmless(text)).isEqualTo(text);
        assertThat(Printable.harmlessJson(text)).isEqualTo(text);
    }

    @Test
    void aTweetOfManyLinesIsShownInOne() {
        assertThat(Printable.harmless("one\ntwo\r\nthree\n\nfive\tsix")).isEqualTo("one⏎two⏎three⏎⏎five six");
    }

    @Test
    void aScoredTweetShowsItsStrongestWordsIfItHasAny() {
        assertThat(Printable.of(scored(List.of())))
                .isEqualTo("0.97 positive  election      @ada              a lovely day");
        assertThat(Printable.of(scored(List.of(new StrongWord("lovely", 1.934f), new StrongWord("\u001b[2J", -0.5f)))))
                .isEqualTo(
                        "0.97 positive  election      @ada              a lovely day  [lovely +1.93, \uFFFD[2J -0.50]");
    }

    private static ScoredTweet scored(List<StrongWord> words) {
        return new ScoredTweet(
                "1",
                "a lovely day",
                "election",
                "en",
                "ada",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.POSITIVE,
                0.97f,
                "v1",
                words);
    }

    @Test
    void driftIsShownWithWhatIsTooMuchOfIt() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        DriftWindow window = new DriftWindow(
                "election",
                noon,
                noon.plusSeconds(3600),
                420L,
                0.1214,
                0.18,
                List.of(),
                0.314,
                Map.of("v1", 420L),
                List.of("psi"));
        assertThat(Printable.of(window))
                .isEqualTo(
                        "election        1h from 2024-08-15T12:00:00Z    420 tweets  12.1 % of tokens unknown, 18.0 % uncertain, PSI 0.31, drifts by psi");
    }

    @Test
    void windowSizesAreShownAsTheyAreWritten() {
        assertThat(Printable.brief(Duration.ofSeconds(10))).isEqualTo("10s");
        assertThat(Printable.brief(Duration.ofMinutes(1))).isEqualTo("1m");
        assertThat(Printable.brief(Duration.ofHours(1))).isEqualTo("1h");
        assertThat(Printable.brief(Duration.ofDays(1))).isEqualTo("24h");
    }
}
