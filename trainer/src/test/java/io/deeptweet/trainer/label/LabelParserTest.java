// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelParserTest {
    private static final LabelSender ADA = LabelSender.user("ada");
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    @Test
    void aLabelWithAllFieldsIsRead() {
        assertThat(parse("{'id': 17, 'text': 'what a day', 'feed': 'election', 'label': 'Positive', 'labeler': "
                        + "'source', 'labeledBy': 'a set', 'labeledAt': '2024-08-14T10:00:00+02:00'}"))
                .isEqualTo(new CheckedLabel.Valid(new LabeledTweet(
                        "17",
                        "what a day",
                        "election",
                        Sentiment.POSITIVE,
                        Labeler.SOURCE,
                        "POST /labels: a set",
                        Instant.parse("2024-08-14T08:00:00Z"))));
    }

    @Test
    void aLabelNeedsNeitherLabelerNorTime() {
        String label = "{'id': '17', 'text': 'what a day', 'label': 'negative'}";
        assertThat(parse(label))
                .isEqualTo(new CheckedLabel.Valid(new LabeledTweet(
                        "17", "what a day", null, Sentiment.NEGATIVE, Labeler.SOURCE, "POST /labels", NOON)));
        assertThat(parse(label, ADA))
                .isEqualTo(new CheckedLabel.Valid(
                        new LabeledTweet("17", "what a day", null, Sentiment.NEGATIVE, Labeler.PERSON, "ada", NOON)));
    }

    /** Whoever could label as a person without having authenticated would outrank everybody. */
    @Test
    void onlyAUserIsAPerson() {
        assertThat(parse("{'id': '17', 'text': 'a', 'label': 'negative', 'labeler': 'person', 'labeledBy': 'ada'}"))
                .isEqualTo(new CheckedLabel.Invalid(
                        Reason.INVALID_FIELD,
                        "labeler is person, and nobody has authenticated: use source or weak_rule"));
    }

    @Test
    void aUserLabelsUnderTheOwnNameAlone() {
        assertThat(labeledBy("{'id': '17', 'text': 'a', 'label': 'negative', 'labeledBy': 'eve'}"))
                .isEqualTo("ada");
        assertThat(labeledBy("{'id': '17', 'text': 'a', 'label': 'negative', 'labeler': 'source', 'labeledBy': 'x'}"))
                .isEqualTo("ada: x");
        assertThat(labeledBy("{'id': '17', 'text': 'a', 'label': 'negative', 'labeler': 'weak_rule'}"))
                .isEqualTo("ada");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'text': 'a', 'label': 'positive'} | NO_ID | its id is blank",
                "{'id': null, 'text': 'a', 'label': 'positive'} | NO_ID | its id is blank",
                "{'id': '1', 'label': 'positive'} | NO_TEXT | no text",
                "{'id': '1', 'text': ' ', 'label': 'positive'} | NO_TEXT | no text",
                "{'id': '1', 'text': 'a'} | INVALID_FIELD | use negative, neutral or positive",
                "{'id': '1', 'text': 'a', 'label': 'mixed'} | INVALID_FIELD "
                        + "| label is \"mixed\": use negative, neutral or positive",
                "{'id': '1', 'text': 'a', 'label': 4} | INVALID_FIELD | label is neither text nor null",
                "{'id': 1.5, 'text': 'a', 'label': 'positive'} | INVALID_FIELD | id is neither",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeler': 'robot'} | INVALID_FIELD "
                        + "| use person, source or weak_rule",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledBy': ' '} | INVALID_FIELD | labeledBy is blank",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': 'yesterday'} | INVALID_FIELD "
                        + "| labeledAt is \"yesterday\": use a date such as",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': '1969-12-31T00:00:00Z'} | INVALID_FIELD "
                        + "| before 1970",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': '2099-01-01T00:00:00Z'} | INVALID_FIELD "
                        + "| labeledAt is in the future",
                "[] | MALFORMED | not a JSON object",
                "{'id': | MALFORMED | not JSON",
                "{} {} | MALFORMED | not JSON",
            })
    void anInvalidLabelIsRejectedWithAReason(String json, Reason reason, String detail) {
        assertThat(parse(json)).isInstanceOfSatisfying(CheckedLabel.Invalid.class, invalid -> {
            assertThat(invalid.reason()).isEqualTo(reason);
            assertThat(invalid.detail()).contains(detail);
        });
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        assertThat(LabelParser.parse(new byte[] {'"', (byte) 0xff, '"'}, ADA, NOON))
                .isEqualTo(new CheckedLabel.Invalid(Reason.MALFORMED, "not UTF-8"));
    }

    @Test
    void tooLongTextsAndIdsAreRejected() {
        assertThat(parse("{'id': '1', 'label': 'positive', 'text': '" + "a".repeat(10_001) + "'}"))
                .isEqualTo(
                        new CheckedLabel.Invalid(Reason.TOO_LARGE, "the text has 10001 characters, more than 10000"));
        assertThat(parse("{'id': '" + "1".repeat(257) + "', 'label': 'positive', 'text': 'a'}"))
                .isEqualTo(new CheckedLabel.Invalid(Reason.INVALID_FIELD, "the id has 257 characters, more than 256"));
    }

    private static String labeledBy(String json) {
        return ((CheckedLabel.Valid) parse(json, ADA)).tweet().getLabeledBy();
    }

    private static CheckedLabel parse(String json) {
        return parse(json, LabelSender.UNKNOWN);
    }

    private static CheckedLabel parse(String json, LabelSender sender) {
        return LabelParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), sender, NOON);
    }
}
