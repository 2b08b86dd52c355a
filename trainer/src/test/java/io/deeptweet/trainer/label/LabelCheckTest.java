// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.trainer.label.LabelCheck.Checked;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelCheckTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    @Test
    void aLabelSaysWhoGaveItAndWhen() {
        assertThat(
                        parse(
                                "{'id': 17, 'text': 'what a day', 'feed': 'election', 'label': 'Positive', 'labeler': 'source', 'labeledBy': 'a set', 'labeledAt': '2024-08-14T10:00:00+02:00'}"))
                .isEqualTo(new Checked.Accepted(new LabeledTweet(
                        "17",
                        "what a day",
                        "election",
                        Sentiment.POSITIVE,
                        Labeler.SOURCE,
                        "a set",
                        Instant.parse("2024-08-14T08:00:00Z"))));
    }

    @Test
    void whatMayBeMissingIsAPersonsLabelOfNow() {
        assertThat(parse("{'id': '17', 'text': 'what a day', 'label': 'negative'}"))
                .isEqualTo(new Checked.Accepted(new LabeledTweet(
                        "17", "what a day", null, Sentiment.NEGATIVE, Labeler.PERSON, "POST /labels", NOON)));
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
                "{'id': '1', 'text': 'a'} | INVALID_FIELD | use positive or negative",
                "{'id': '1', 'text': 'a', 'label': 'neutral'} | INVALID_FIELD | label is \"neutral\": use positive or negative",
                "{'id': '1', 'text': 'a', 'label': 4} | INVALID_FIELD | label is neither text nor null",
                "{'id': 1.5, 'text': 'a', 'label': 'positive'} | INVALID_FIELD | id is neither",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeler': 'robot'} | INVALID_FIELD | use person, source or weak_rule",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledBy': ' '} | INVALID_FIELD | labeledBy is blank",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': 'yesterday'} | INVALID_FIELD | labeledAt is no date",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': '1969-12-31T00:00:00Z'} | INVALID_FIELD | before 1970",
                "{'id': '1', 'text': 'a', 'label': 'positive', 'labeledAt': '2099-01-01T00:00:00Z'} | INVALID_FIELD | labeledAt is in the future",
                "[] | MALFORMED | not a JSON object",
                "{'id': | MALFORMED | not JSON",
                "{} {} | MALFORMED | not JSON",
            })
    void whatCannotBeIsRefusedWithAReason(String json, Reason reason, String detail) {
        assertThat(parse(json)).isInstanceOfSatisfying(Checked.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).contains(detail);
        });
    }

    @Test
    void whatIsNotUtf8OrTooLongIsRefused() {
        assertThat(LabelCheck.parse(new byte[] {'"', (byte) 0xff, '"'}, NOON))
                .isEqualTo(new Checked.Refused(Reason.MALFORMED, "not UTF-8"));
        assertThat(parse("{'id': '1', 'label': 'positive', 'text': '" + "a".repeat(10_001) + "'}"))
                .isEqualTo(new Checked.Refused(Reason.TOO_LARGE, "the text has 10001 characters, more than 10000"));
        assertThat(parse("{'id': '" + "1".repeat(257) + "', 'label': 'positive', 'text': 'a'}"))
                .isInstanceOf(Checked.Refused.class);
    }

    /** Avro holds times that no calendar does. */
    @Test
    void timesBeyondAllMeasureAreRefusedToo() {
        LabeledTweet tweet = new LabeledTweet(
                "1", "a", null, Sentiment.POSITIVE, Labeler.PERSON, "somebody", Instant.ofEpochMilli(Long.MAX_VALUE));
        assertThat(LabelCheck.fault(tweet, NOON))
                .hasValueSatisfying(refused -> assertThat(refused.detail()).startsWith("labeledAt is in the future"));
    }

    private static Checked parse(String json) {
        return LabelCheck.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), NOON);
    }
}
