// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetDate;
import io.deeptweet.schemas.text.UntrustedText;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The faults of requests to live sources. */
final class HttpRefusals {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    /** However long a server asks to wait. */
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final int MOST_CAUSES = 10;

    private static final List<String> RESETS = List.of("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset");
    private static final List<String> REMAINING =
            List.of("x-rate-limit-remaining", "x-ratelimit-remaining", "ratelimit-remaining");

    private HttpRefusals() {}

    /** The server could not be reached, or broke the connection. */
    static LiveException unreachable(URI uri, Throwable cause) {
        String why =
                reason(cause).map(words -> ": " + UntrustedText.oneLine(words)).orElse("");
        return new LiveException(Kind.DISCONNECTED, uri.getHost() + " cannot be reached" + why, cause);
    }

    /** The exceptions of {@link java.net.http.HttpClient} often have no message, and causes of the same class. */
    private static Optional<String> reason(Throwable thrown) {
        Throwable last = thrown;
        for (int depth = 0; depth < MOST_CAUSES && last != null; depth++, last = last.getCause()) {
            if (last instanceof UnresolvedAddressException || last instanceof UnknownHostException)
                return Optional.of("its name is not known");
            if (last.getMessage() != null) return Optional.of(last.getMessage());
        }
        return thrown instanceof ConnectException ? Optional.of("the connection was refused") : Optional.empty();
    }

    /**
     * The server answered with another status than expected. When it accepts the next request, its headers
     * {@code Retry-After}, {@code X-Rate-Limit-Reset} or {@code X-RateLimit-Reset} may say.
     *
     * @param body what the server says about it, or its beginning; may be empty
     */
    static LiveException of(URI uri, HttpResponse<?> response, String body) {
        int status = response.statusCode();
        String words = said(body);
        String said = words.isBlank() ? "" : ": " + UntrustedText.quoted(words);
        Optional<Instant> notBefore = notBefore(response.headers(), Instant.now());
        if (status == TOO_MANY_REQUESTS || isExhausted(response.headers()))
            return new LiveException(
                    Kind.RATE_LIMITED,
                    uri.getHost() + " limits the rate of requests (" + status + ")" + said,
                    notBefore,
                    status,
                    null);
        return new LiveException(
                Kind.REFUSED,
                uri.getHost() + " refuses the request with status " + status + said,
                status == UNAVAILABLE ? notBefore : Optional.empty(),
                status,
                null);
    }

    /**
     * What a refusal says: the texts of a JSON object such as {@code {"title": …, "detail": …}}, or the body itself.
     */
    private static String said(String body) {
        JsonNode problem;
        try {
            problem = RecordJson.object(body.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidTweetException e) {
            return body.strip();
        }
        JsonNode first = problem.has("title") ? problem : problem.path("errors").path(0);
        String words = Stream.of("title", "connection_issue", "detail", "message")
                .map(field -> first.path(field).asText())
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(": "));
        return words.isEmpty() ? body.strip() : words;
    }

    /**
     * When the server accepts the next request, as its headers say; in an hour at most.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">RFC 9110, Retry-After</a>
     */
    static Optional<Instant> notBefore(HttpHeaders headers, Instant now) {
        Optional<Instant> retryAfter = headers.firstValue("retry-after").flatMap(value -> retryAfter(value, now));
        // Where requests remain, another limit was reached, such as that of connections.
        boolean remain = firstOf(REMAINING, headers).isPresent() && !isExhausted(headers);
        Instant latest = now.plus(LONGEST_WAIT);
        Optional<Instant> asked = retryAfter.or(() -> RESETS.stream()
                .filter(name -> !remain)
                .flatMap(name -> headers.firstValue(name).stream())
                .flatMap(value -> reset(value, now).stream())
                .findFirst());
        return asked.map(time -> time.isAfter(latest) ? latest : time);
    }

    /** Whether an answer says that no further request is accepted before a reset. */
    static boolean isExhausted(HttpHeaders headers) {
        return firstOf(REMAINING, headers)
                .filter(value -> value.matches("-?0(\\.0*)?"))
                .isPresent();
    }

    private static Optional<String> firstOf(List<String> names, HttpHeaders headers) {
        return names.stream().flatMap(name -> headers.firstValue(name).stream()).findFirst();
    }

    /** X and GitHub write seconds since 1970, Mastodon ISO 8601, Reddit and others the seconds until then. */
    private static Optional<Instant> reset(String value, Instant now) {
        if (value.matches("\\d{1,8}(\\.\\d{0,9})?"))
            return Optional.of(now.plusMillis((long) Math.ceil(Double.parseDouble(value) * 1_000)));
        return TweetDate.parse(value);
    }

    private static Optional<Instant> retryAfter(String value, Instant now) {
        if (value.matches("\\d{1,9}")) return Optional.of(now.plusSeconds(Long.parseLong(value)));
        try {
            return Optional.of(ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
