// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.control.DefinedFeed;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedRequestTest {
    @Test
    void aFeedNeedsANameAndASource() {
        DefinedFeed feed = parse("{\"feed\": \"apple\", \"source\": \"bluesky\"}");
        assertThat(feed).isEqualTo(DefinedFeed.of("apple", "bluesky", "", "en,und"));
        assertThat(parse("{\"feed\": \"apple\", \"source\": \"bluesky\", \"track\": \"apple OR \\\"apple pie\\\"\","
                        + " \"languages\": \"de, en\"}"))
                .isEqualTo(DefinedFeed.of("apple", "bluesky", "apple OR \"apple pie\"", "en,de"))
                .isNotEqualTo(feed);
    }

    @Test
    void theNameMayBeInThePath() {
        assertThat(FeedRequest.parse(bytes("{\"source\": \"bluesky\"}"), Optional.of("apple"), "en")
                        .feed()
                        .name())
                .isEqualTo("apple");
        assertThatThrownBy(() -> FeedRequest.parse(
                        bytes("{\"feed\": \"pear\", \"source\": \"bluesky\"}"), Optional.of("apple"), "en"))
                .hasMessageStartingWith("feed is \"pear\": use the name in the path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "                                                        | the body is no JSON object",
                "[]                                                      | the body is no JSON object",
                "{                                                       | the body is not JSON: ",
                "{\"feed\": \"a\", \"source\": \"s\"} {}                 | the body is not JSON: ",
                "{\"feed\": \"a\", \"feed\": \"b\", \"source\": \"s\"}   | the body is not JSON: Duplicate",
                "{\"source\": \"s\"}                                     | feed is missing: ",
                "{\"feed\": \"a\"}                                       | source is missing: use bluesky",
                "{\"feed\": \"a\", \"source\": null}                     | source is not text",
                "{\"feed\": \"a\", \"source\": \"s\", \"file\": \"/etc/passwd\"} | \"file\" is no field: ",
                "{\"feed\": \"a\", \"source\": \"s\", \"url\": \"http://a\"} | \"url\" is no field: ",
                "{\"feed\": \"A b\", \"source\": \"s\"}                  | feed is \"A b\": use 1 to 64 lower-case",
                "{\"feed\": \"a\", \"source\": \"../s\"}                 | source is \"../s\": use 1 to 64 lower-case",
                "{\"feed\": \"a\", \"source\": \"s\", \"track\": \"(\"} | track is \"(\": a word is missing at the",
                "{\"feed\": \"a\", \"source\": \"s\", \"languages\": \"english\"} | languages is \"english\": use two-",
                "{\"feed\": \"a\", \"source\": \"s\", \"languages\": [\"en\"]} | languages is not text: ",
            })
    void aRefusalNamesTheField(String body, String message) {
        assertThatThrownBy(() -> parse(body == null ? "" : body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void longValuesAreRefused() {
        assertThatThrownBy(() -> parse("{\"feed\": \"a\", \"source\": \"s\", \"track\": \"" + "a ".repeat(501) + "\"}"))
                .hasMessageContaining("the rule has 1002 characters, more than 1000");
        assertThatThrownBy(() ->
                        parse("{\"feed\": \"a\", \"source\": \"s\", \"languages\": \"" + "en,".repeat(400) + "\"}"))
                .hasMessageContaining("use at most 1000 characters");
    }

    private static DefinedFeed parse(String body) {
        return FeedRequest.parse(bytes(body), Optional.empty(), "en,und");
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
