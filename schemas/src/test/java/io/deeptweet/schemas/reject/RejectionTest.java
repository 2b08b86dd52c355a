// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.reject.Rejection.Reason;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RejectionTest {
    private static final Rejection REJECTION =
            new Rejection("ingest", Reason.NO_ID, "the tweet's id is null", "été.jsonl:12");

    @Test
    void headersHoldAllOfIt() {
        RecordHeaders headers = new RecordHeaders();
        REJECTION.writeTo(headers);
        assertThat(Rejection.readFrom(headers)).contains(REJECTION);
    }

    @Test
    void aRecordRejectedTwiceNamesTheLastReasonOnly() {
        RecordHeaders headers = new RecordHeaders();
        new Rejection("ingest", Reason.MALFORMED, "…", "…").writeTo(headers);
        REJECTION.writeTo(headers);
        assertThat(Rejection.readFrom(headers)).contains(REJECTION);
        assertThat(headers).hasSize(4);
    }

    @Test
    void headersOfSomebodyElseAreNoRejection() {
        assertThat(Rejection.readFrom(new RecordHeaders().add(Rejection.REASON, "whatever".getBytes())))
                .isEmpty();
    }
}
