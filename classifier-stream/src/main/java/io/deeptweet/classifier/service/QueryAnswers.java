// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.classifier.service.QueryParameters.InvalidParameterException;
import io.deeptweet.classifier.window.UnavailableException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Answers of queries. */
final class QueryAnswers {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private QueryAnswers() {}

    /**
     * The answer of a query: 400 for a parameter that cannot be used, 503 with {@code Retry-After} if something does
     * not answer or there are too many such queries now.
     */
    static Response of(RequestLimit limit, Supplier<Response> query) {
        return limit.answer(() -> {
            try {
                return query.get();
            } catch (InvalidParameterException e) {
                return Answers.refused(400, e.getMessage());
            } catch (UnavailableException | KafkaException e) {
                return Answers.unavailable(e.getMessage());
            }
        });
    }

    /** JSON, safe within an HTML page; with an {@code ETag}, as {@link #tagged}. */
    static Response json(Object body, Request request) {
        return tagged(text(body), MediaType.APPLICATION_JSON, request);
    }

    /** The body as JSON on one line, safe within an HTML page. */
    static String text(Object body) {
        try {
            return UntrustedText.jsonForHtml(MAPPER.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("text and numbers are always JSON", e);
        }
    }

    /** A body with an {@code ETag}: 304 without it for a client that has the same one already. */
    static Response tagged(String body, String type, Request request) {
        EntityTag tag = new EntityTag(hash(body));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged != null ? unchanged : Response.ok(body, type))
                .tag(tag)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, private")
                .build();
    }

    private static String hash(String body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
