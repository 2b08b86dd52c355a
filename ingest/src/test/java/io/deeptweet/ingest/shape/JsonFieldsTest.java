// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.LabelValues;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.TweetKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
    private static final JsonFields USUAL = new JsonFields(Map.of());

    @Test
    void usualNamesAreFoundWithoutRegardToCase() throws Exception {
        assertThat(read(USUAL, """
                {"Tweet_ID": 7, "content": "hello", "createdAt": 1723760649, "language": "en", "username": "ada",
                 "label": 4}"""))
                .isEqualTo(new TweetFields(
                        Optional.of("7"),
                        Optional.of("hello"),
                        Optional.of("1723760649"),
                        Optional.of("en"),
                        Optional.of("ada"),
                        TweetKind.POST,
                        Optional.of("4"),
                        false));
    }

    @Test
    void namesAndPointersOfTheOperatorCountMore() throws Exception {
        JsonFields named = new JsonFields(Map.of(
                "id",
                "/meta/key",
                "text",
                "body",
                "label",
                "/scores/0/of~1class",
                "created_at",
                "a/b",
                "author",
                "by"));
        assertThat(read(named, """
                {"id": 1, "text": "not this", "meta": {"key": "k"}, "body": "this", "a/b": "2024-08-15",
                 "scores": [{"of/class": "neg"}], "by": {"id": 5, "handle": "ada"}, "lang": "en"}"""))
                .isEqualTo(new TweetFields(
                        Optional.of("k"),
                        Optional.of("this"),
                        Optional.of("2024-08-15"),
                        Optional.of("en"),
                        Optional.of("ada"),
                        TweetKind.POST,
                        Optional.of("neg"),
                        false));
        assertThat(read(named, "{\"id\": 1, \"text\": \"not this\"}").text()).isEmpty();
    }

    @Test
    void aKnownShapeIsCompletedByUsualNames() throws Exception {
        assertThat(read(USUAL, """
                {"id": "7", "text": "cut…", "note_tweet": {"text": "the whole text"}, "date": "2024-08-15",
                 "language": "en", "label": "negative", "in_reply_to_user_id": 3}"""))
                .isEqualTo(new TweetFields(
                        Optional.of("7"),
                        Optional.of("the whole text"),
                        Optional.of("2024-08-15"),
                        Optional.of("en"),
                        Optional.empty(),
                        TweetKind.REPLY,
                        Optional.of("negative"),
                        false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "null",
                "{\"id\": {}, \"text\": \"a\"}",
                "{\"tweet_id\": 1, \"content\": 5}",
                "{\"tweet_id\": 1, \"content\": \"a\", \"date\": []}",
                "{\"tweet_id\": 1, \"content\": \"a\", \"date\": 1e999}"
            })
    void whatIsNoPostIsInvalid(String json) {
        assertThatThrownBy(() -> read(USUAL, json)).isInstanceOf(InvalidTweetException.class);
    }

    @Test
    void aPostIsNotLostForAStrangeLabelOrAuthor() throws Exception {
        TweetFields fields =
                read(USUAL, "{\"tweet_id\": 1, \"content\": \"a\", \"label\": {\"x\": 1}, \"user\": {\"age\": 3}}");
        assertThat(fields.text()).contains("a");
        assertThat(fields.author()).isEmpty();
        assertThat(LabelValues.USUAL.read(fields.label().orElseThrow())).isEmpty();
    }

    @Test
    void anUnknownFieldOrAnEmptyPlaceIsRefused() {
        assertThatThrownBy(() -> new JsonFields(Map.of("mood", "/x"))).hasMessageStartingWith("mood is no field: use");
        assertThatThrownBy(() -> new JsonFields(Map.of("id", ""))).hasMessage("the place of id is empty");
        assertThat("/a/~0b/c").matches(JsonFields.PLACE_PATTERN);
        assertThat("a~b").matches(JsonFields.PLACE_PATTERN);
        assertThat("/a/~2").doesNotMatch(JsonFields.PLACE_PATTERN);
    }

    @ParameterizedTest
    @CsvSource({
        "negative,NEGATIVE",
        "NEG,NEGATIVE",
        "0,NEGATIVE",
        "-1,NEGATIVE",
        "0.0,NEGATIVE",
        "positive,POSITIVE",
        "' Pos ',POSITIVE",
        "1,POSITIVE",
        "4,POSITIVE",
        "+1,POSITIVE",
        "4.00,POSITIVE",
        "neutral,",
        "2,",
        "0.5,",
        "'',"
    })
    void labelsAreReadAsDataSetsWriteThem(String label, Sentiment sentiment) {
        assertThat(LabelValues.USUAL.read(label)).isEqualTo(Optional.ofNullable(sentiment));
    }

    @Test
    void theOperatorMaySayWhatLabelsMean() {
        LabelValues three = new LabelValues(List.of("-1"), List.of("1"));
        assertThat(three.read("0")).isEmpty();
        assertThat(three.read("-1.0")).contains(Sentiment.NEGATIVE);
        assertThatThrownBy(() -> new LabelValues(List.of("1"), List.of("+1")))
                .hasMessage("1 stands for negative and for positive");
    }

    private static TweetFields read(JsonFields fields, String json) throws Exception {
        return fields.of(new ObjectMapper().readTree(json));
    }
}
