// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Gives 415 for a media type that no method takes the body of other refusals. */
public final class MediaTypeMapper {
    @ServerExceptionMapper
    public Response refuse(NotSupportedException unused) {
        return Answers.refused(
                415,
                "the header Content-Type names a type that is not supported: use application/json or "
                        + RequestRecords.NDJSON);
    }
}
