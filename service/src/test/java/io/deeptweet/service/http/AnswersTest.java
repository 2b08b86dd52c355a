// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.reject.Rejection.Reason;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
    @Test
    void aRefusedRequestIsToldWhy() throws Exception {
        assertAnswer(
                Answers.refused(400, "the request holds no tweet"), 400, "{\"error\":\"the request holds no tweet\"}");
        assertAnswer(
                Answers.tooManyRecords(1001, 1000),
                413,
                "{\"error\":\"the request holds 1001 records, more than 1000\"}");
        assertThat(Answers.mediaTypeMissing().getStatus()).isEqualTo(415);
    }

    @Test
    void anUnavailableServiceSaysWhenToTryAgain() throws Exception {
        Response answer = Answers.unavailable("Kafka did not take the tweets");
        assertAnswer(answer, 503, "{\"error\":\"Kafka did not take the tweets\"}");
        assertThat(answer.getHeaderString("Retry-After")).isEqualTo("5");
    }

    @Test
    void rejectedRecordsMakeTheAnswer422() throws Exception {
        RejectedRecord rejected = new RejectedRecord(3, Reason.NO_ID, "the tweet has no id");
        assertAnswer(Answers.processed(List.of(), List.of()), 200, "[]");
        assertAnswer(
                Answers.processed(List.of(rejected), List.of(rejected)),
                422,
                "[{\"index\":3,\"reason\":\"no-id\",\"detail\":\"the tweet has no id\"}]");
    }

    private static void assertAnswer(Response answer, int status, String json) throws JsonProcessingException {
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.getMediaType()).isEqualTo(MediaType.APPLICATION_JSON_TYPE);
        assertThat(new ObjectMapper().writeValueAsString(answer.getEntity())).isEqualTo(json);
    }
}
