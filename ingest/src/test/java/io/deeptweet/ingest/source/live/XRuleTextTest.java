// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.LanguageFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XRuleTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "apple pie                    | apple pie",
                "apple OR \"apple pie\" -banana | apple OR \"apple pie\" -banana",
                "( apple OR #pear ) from:@bob | (apple OR #pear) from:bob",
                "apple is:quote -is:retweet   | apple is:quote -is:retweet",
                "apple lang:en,de             | apple (lang:en OR lang:de)",
                "apple -lang:en,de            | apple -lang:en -lang:de",
                "at 12:30                     | at \"12:30\"",
            })
    void aRuleIsWrittenInTheLanguageOfX(String rule, String written) {
        assertThat(XRuleText.of(feed(rule, "*"))).isEqualTo(written);
    }

    /** They are not paid for. */
    @Test
    void postsInOtherLanguagesAreNotAskedFor() {
        assertThat(XRuleText.of(feed("apple OR pear", "en"))).isEqualTo("(apple OR pear) lang:en");
        assertThat(XRuleText.of(feed("apple", "en,de"))).isEqualTo("(apple) (lang:de OR lang:en)");
        assertThat(XRuleText.of(feed("apple", "en,und"))).isEqualTo("apple");
    }

    @ParameterizedTest
    @CsvSource({"apple -(pear plum), X does not know -(", "apple sample:10, sample: chooses other posts at X"})
    void whatXCannotBeAskedForIsRefused(String rule, String reason) {
        assertThatThrownBy(() -> XRuleText.of(feed(rule, "en,und"))).hasMessageStartingWith(reason);
    }

    @Test
    void aFeedWithoutARuleIsRefused() {
        assertThatThrownBy(() -> XRuleText.of(new Feed("all", LanguageFilter.of("en"))))
                .hasMessage("the feed all has no rule");
    }

    private static Feed feed(String rule, String languages) {
        return new Feed("fruit", LanguageFilter.of(languages), FeedRule.of(rule));
    }
}
