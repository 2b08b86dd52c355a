// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeTextTest {
    private final TweetParser parser =
            new TweetParser("push", new XApiFormat(), false, LanguageDetector.NONE, Clock.systemUTC());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":"1","text":"kind…","note_tweet":{"text":"kind, but not at its end"}} | kind, but not at its end
            {"id":"1","text":"kind…","note_post":{"text":"kind, but not at its end"}} | kind, but not at its end
            {"id":"1","text":"cut…","truncated":true,"extended_tweet":{"full_text":"cut no more"}} | cut no more
            {"id":"1","full_text":"whole"} | whole
            {"id":"1","text":"RT @ada: kin…","retweeted_status":{"full_text":"all of it"}} | RT @ada: all of it
            {"id":"1","text":"RT @ada: x","retweeted_status":{"extended_tweet":{"full_text":"y"}}} | RT @ada: y
            {"id":"1","text":"short","note_tweet":{"text":" "}} | short
            {"id":"1","text":"short","note_tweet":"odd","retweeted_status":null} | short
            {"id":"1","text":"short","note_tweet":{"text":7}} | short
            """)
    void thePostsTextIsTheWholeOne(String json, String text) {
        assertThat(text(json)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"referenced_tweets,retweeted,tweets", "referenced_posts,reposted,posts"})
    void aRepostHasTheTextOfItsOriginal(String references, String type, String included) {
        String template = """
                {"data": {"id": "1", "text": "RT @ada: this is ki…", "%s": [{"type": "quoted", "id": "7"},
                          {"type": "%s", "id": "8"}]},
                 "includes": {"%s": [{"id": "7", "text": "quoted"}, {"id": "8", "text": "this is ki…",
                              "note_tweet": {"text": "this is kind to the end"}}]}}
                """;
        assertThat(text(template.formatted(references, type, included))).isEqualTo("RT @ada: this is kind to the end");
        assertThat(text(template.formatted(references, type, "others"))).isEqualTo("RT @ada: this is ki…");
        assertThat(text(template.formatted(references, "quoted", included))).isEqualTo("RT @ada: this is ki…");
    }

    private String text(String json) {
        return ((ParsedTweet.Valid) parser.parse(json.getBytes(UTF_8))).tweet().getText();
    }
}
