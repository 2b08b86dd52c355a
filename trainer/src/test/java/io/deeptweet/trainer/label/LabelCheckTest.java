// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LabelCheckTest {
    /** Avro holds instants that no calendar has. */
    @Test
    void theLargestInstantIsRejectedAsInTheFuture() {
        LabeledTweet tweet = new LabeledTweet(
                "1", "a", null, Sentiment.POSITIVE, Labeler.PERSON, "ada", Instant.ofEpochMilli(Long.MAX_VALUE));
        assertThat(LabelCheck.fault(tweet, Instant.parse("2024-08-15T12:00:00Z")))
                .hasValueSatisfying(invalid -> assertThat(invalid.detail()).startsWith("labeledAt is in the future"));
    }
}
