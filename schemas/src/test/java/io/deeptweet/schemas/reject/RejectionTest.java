// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RejectionTest {
    private static final Rejection REJECTION =
            new Rejection("ingest", Reason.NO_ID, "the tweet's id is null", "été.jsonl:12");

    @Test
    void headersHoldEveryField() {
        RecordHeaders headers = new RecordHeaders();
        REJECTION.writeTo(headers);
        assertThat(Rejection.readFrom(headers)).contains(REJECTION);
    }

    @Test
    void aRecordRejectedTwiceHasTheLastReasonOnly() {
        RecordHeaders headers = new RecordHeaders();
        new Rejection("ingest", Reason.MALFORMED, "…", "…").writeTo(headers);
        REJECTION.writeTo(headers);
        assertThat(Rejection.readFrom(headers)).contains(REJECTION);
        assertThat(headers).hasSize(4);
    }

    @Test
    void aLongDetailIsCutOnce() {
        Rejection rejection = new Rejection("ingest", Reason.MALFORMED, "a".repeat(501), "x:1");
        assertThat(rejection.detail()).isEqualTo("a".repeat(500) + "…");
        RecordHeaders headers = new RecordHeaders();
        rejection.writeTo(headers);
        assertThat(Rejection.readFrom(headers)).contains(rejection);
        assertThat(new Rejection("ingest", Reason.MALFORMED, "a".repeat(500), "x:1").detail())
                .hasSize(500);
    }

    @Test
    void headersOfAnotherApplicationAreNoRejection() {
        assertThat(Rejection.readFrom(
                        new RecordHeaders().add(Rejection.REASON, "whatever".getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }
}
