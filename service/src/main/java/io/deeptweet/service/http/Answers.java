// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * The answers that the services' resources share. A request that is refused as a whole gets <code>{"error": "…"}</code>
 * .
 */
public final class Answers {
    private static final int RETRY_AFTER_SECONDS = 5;

    private Answers() {}

    /** The body of an answer that refuses a request. */
    public record Refusal(String error) {}

    /** Refuses a request with this status. */
    public static Response refused(int status, String error) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Refusal(error))
                .build();
    }

    /** 415: the request does not say what it holds. */
    public static Response mediaTypeMissing() {
        return refused(
                415,
                "the header Content-Type is missing: use " + MediaType.APPLICATION_JSON + " or "
                        + RequestRecords.NDJSON);
    }

    /** 413: the request holds more records than allowed. */
    public static Response tooManyRecords(int records, int most) {
        return refused(413, "the request holds " + records + " records, more than " + most);
    }

    /** 503: try again later, as the header {@code Retry-After} says. */
    public static Response unavailable(String error) {
        return Response.fromResponse(refused(503, error))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    /**
     * 200 if every record of a request was accepted, otherwise 422: the accepted ones are published all the same.
     *
     * @param answer the body, which lists the rejected records
     */
    public static Response processed(Object answer, List<RejectedRecord> rejected) {
        return Response.status(rejected.isEmpty() ? 200 : 422)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(answer)
                .build();
    }
}
