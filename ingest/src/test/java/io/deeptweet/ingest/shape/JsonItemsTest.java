// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonItemsTest {
    private static final String POST = "{\"id\": \"7\", \"text\": \"hello\", \"label\": \"pos\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[%s]",
                "{\"tweets\": [%s], \"next\": 3}",
                "{\"data\": [%s]}",
                "{\"data\": {\"posts\": [%s]}}",
                "{\"statuses\": [%s]}",
                "%s"
            })
    void postsAndTheirLabelsAreFoundInUsualPlaces(String answer) throws Exception {
        assertThat(posts(parts(Optional.empty(), Map.of(), answer.replace("%s", POST))))
                .singleElement()
                .satisfies(fields -> {
                    assertThat(fields.id()).contains("7");
                    assertThat(fields.label()).contains("pos");
                });
    }

    @Test
    void aPageOfXKeepsItsAuthors() throws Exception {
        assertThat(posts(parts(Optional.empty(), Map.of(), """
                {"data": [{"id": "1", "text": "a", "author_id": "5"}],
                 "includes": {"users": [{"id": "5", "username": "ada"}]}}""")))
                .singleElement()
                .satisfies(fields -> assertThat(fields.author()).contains("ada"));
    }

    @Test
    void theOperatorsPlaceCountsAloneAndMustHoldAList() throws Exception {
        Optional<JsonPointer> place = Optional.of(JsonPointer.compile("/a/1"));
        String answer = "{\"tweets\": [{}], \"a\": [0, [{\"key\": 7, \"text\": \"hello\"}]]}";
        assertThat(posts(parts(place, Map.of("id", "key"), answer)))
                .singleElement()
                .satisfies(fields -> assertThat(fields.id()).contains("7"));
        assertThat(parts(place, Map.of(), "{\"a\": [0, null]}")).isEmpty();
        assertThat(parts(place, Map.of(), "{\"tweets\": []}"))
                .singleElement()
                .satisfies(
                        part -> assertThat(((Part.Invalid) part).detail()).isEqualTo("the answer has no list at /a/1"));
    }

    @Test
    void anEmptyListIsNoFaultAndErrorsAreNotices() throws Exception {
        assertThat(parts(Optional.empty(), Map.of(), "{\"tweets\": []}")).isEmpty();
        assertThat(parts(Optional.empty(), Map.of(), "{\"meta\": {\"result_count\": 0}}"))
                .containsExactly(new Part.Notice("empty_page"));
        assertThat(parts(Optional.empty(), Map.of(), "{\"errors\": [{\"title\": \"x\"}]}"))
                .containsExactly(new Part.Notice("error"));
        assertThat(parts(Optional.empty(), Map.of(), "[{\"delete\": {\"status\": {}}}]"))
                .containsExactly(Part.Notice.ofDeletion(Optional.empty()));
    }

    /** Each empty object would need a hundred bytes for its three. */
    @Test
    void anAnswerOfTooManyTokensIsRefused() {
        assertThatThrownBy(() -> RecordJson.value("[" + "{},".repeat(300_000) + "{}]"))
                .isInstanceOf(InvalidTweetException.class)
                .hasMessageContaining("500000");
    }

    private static List<Part> parts(Optional<JsonPointer> place, Map<String, String> fields, String answer)
            throws InvalidTweetException {
        return new JsonItems(place, new JsonFields(fields)).parts(RecordJson.value(answer));
    }

    private static List<TweetFields> posts(List<Part> parts) {
        return parts.stream().map(part -> ((Part.Post) part).fields()).toList();
    }
}
