// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedRuleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "apple | An APPLE a day | true",
                "apple | pineapple | false",
                "apple | apples | false",
                "apple | (apple), | true",
                "apple | #apple | true",
                "#apple | #Apple! | true",
                "#apple | apple | false",
                "#apple | #applepie | false",
                "apple pie | pie of an apple | true",
                "apple pie | an apple | false",
                "\"apple pie\" | APPLE  pie | true",
                "\"apple pie\" | apple and pie | false",
                "apple OR pear | one pear | true",
                "apple OR pear pie | an apple | true",
                "apple OR pear pie | a pear | false",
                "(apple OR pear) pie | pear pie | true",
                "(apple OR pear) pie | apple | false",
                "apple -banana | apple | true",
                "apple -banana | apple, Banana | false",
                "apple -(banana OR \"ice cream\") | apple ice cream | false",
                "-from:alice apple | apple | false",
                "from:@Alice | anything | true",
                "from:bob | anything | false",
                "lang:en,de | anything | true",
                "lang:de | anything | false",
                "sample:100 | anything | true",
                "e-mail | no e-mail here | true",
                // Unicode
                "cafe | Un CAFÉ | true",
                "café | cafe\u0301 | true",
                "straße | STRASSE | true",
                "σοφος | ΣΟΦΟΣ | true",
                "istanbul | İstanbul | true",
                "ｗｉｄｅ | wide | true",
                "🔥 | so hot🔥 | true",
                "👍 | 👍🏽 | true",
                "❤ | I ❤️ it | true",
                "👨 | 👨‍👩‍👧 | false",
                "👨‍👩‍👧 | my 👨‍👩‍👧! | true",
                "寿司 | 今日は寿司を食べた | true",
                "apple | appleを食べた | true",
                "don't | I don't know | true",
                "naïve | naive | true"
            })
    void aRuleMatches(String rule, String text, boolean matches) {
        assertThat(FeedRule.of(rule).matches(tweet("1", text))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | a word is missing",
                "(apple | there is a \"(\" without a \")\"",
                "apple) | there is a \")\" without a \"(\"",
                "apple OR | a word is missing at the end",
                "OR apple | a word is missing before OR",
                "- | a word is missing",
                "\"apple | has no end",
                "\"\" | is empty",
                "sample:0 | sample: needs",
                "sample:lots | sample: needs",
                "from: | from: needs",
                "lang:english | use two-letter"
            })
    void whatIsNoRuleIsExplained(String rule, String message) {
        assertThatThrownBy(() -> FeedRule.of(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRuleOfAnyLengthIsNoDanger() {
        assertThatThrownBy(() -> FeedRule.of("(".repeat(FeedRule.LONGEST + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        String deep = "(".repeat(499) + "a" + ")".repeat(499);
        assertThat(FeedRule.of(deep).matches(tweet("1", "a"))).isTrue();
        assertThat(FeedRule.of("a").matches(tweet("1", "ab ".repeat(30_000)))).isFalse();
    }

    @Test
    void aSampleIsAlwaysTheSameAndHasItsShare() {
        FeedRule tenth = FeedRule.of("sample:10");
        long sampled = IntStream.range(0, 100_000)
                .filter(i -> tenth.matches(tweet("at://did:plc:x/app.bsky.feed.post/3mm" + i, "text")))
                .count();
        assertThat(sampled).isBetween(9_500L, 10_500L);
        assertThat(IntStream.range(0, 1000)
                        .filter(i -> tenth.matches(tweet("" + i, "a")))
                        .toArray())
                .isEqualTo(IntStream.range(0, 1000)
                        .filter(i -> tenth.matches(tweet("" + i, "b")))
                        .toArray());
    }

    private static SearchedTweet tweet(String id, String text) {
        return new SearchedTweet(
                new Tweet(id, text, "feed", "en", "alice", Instant.EPOCH, Instant.EPOCH, TweetKind.POST));
    }
}
