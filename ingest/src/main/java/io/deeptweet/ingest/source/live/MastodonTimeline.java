// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the statuses of a timeline that follow an id, from the oldest to the newest, page by page.
 *
 * @see <a href="https://docs.joinmastodon.org/api/guidelines/#pagination">Mastodon, pagination</a>
 */
final class MastodonTimeline {
    private static final int LARGEST_PAGE = 4 << 20;
    /** For the body of an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern LINK = Pattern.compile("<([^<>]*)>([^<>]*)");
    private static final Pattern NEWER = Pattern.compile(";\\s*rel=\"?prev\"?");

    private final HttpClient client;
    private final MastodonStream stream;
    private Optional<HttpRequest> next;
    private String newest;
    private Optional<Instant> notBefore = Optional.empty();

    /** @param id after which to start */
    MastodonTimeline(HttpClient client, MastodonStream stream, String id) {
        this.client = client;
        this.stream = stream;
        newest = id;
        next = Optional.of(stream.after(id));
    }

    /** When the instance accepts the next request, if it has said so and that is not at once. */
    Optional<Instant> notBefore() {
        return notBefore;
    }

    /**
     * The statuses of the next page, the oldest first; none at the end.
     *
     * @throws LiveException if there is no answer; the next call asks again
     */
    List<JsonNode> page() throws IOException, InterruptedException {
        if (next.isEmpty()) return List.of();
        try (HttpLines answer = HttpLines.connect(client, next.get(), PATIENCE, 1)) {
            List<JsonNode> page = statuses(answer.body(LARGEST_PAGE));
            notBefore = HttpRefusals.isExhausted(answer.headers())
                    ? HttpRefusals.notBefore(answer.headers(), Instant.now())
                    : Optional.empty();
            String before = newest;
            page.stream()
                    .map(MastodonTimeline::id)
                    .filter(MastodonPosition::isId)
                    .forEach(id -> newest = MastodonPosition.isAfter(id, newest) ? id : newest);
            // A server that does not know min_id sends the same page for ever.
            next = newest.equals(before)
                    ? Optional.empty()
                    : newer(answer.headers()).or(() -> Optional.of(stream.after(newest)));
            return page;
        }
    }

    private List<JsonNode> statuses(byte[] body) throws LiveException {
        try {
            JsonNode page = RecordJson.value(body);
            if (page.isArray()) {
                List<JsonNode> statuses = new ArrayList<>();
                page.forEach(statuses::add);
                Collections.reverse(statuses);
                return statuses;
            }
        } catch (InvalidTweetException e) {
            // as another answer that is no list
        }
        throw new LiveException(Kind.REFUSED, stream.instance().getHost() + " answers without a list of statuses");
    }

    static String id(JsonNode status) {
        return status.path("id").asText();
    }

    private Optional<HttpRequest> newer(HttpHeaders headers) {
        return headers.allValues("link").stream()
                .flatMap(value -> LINK.matcher(value)
                        .results()
                        .filter(link -> NEWER.matcher(link.group(2)).find()))
                .map(link -> link.group(1))
                .findFirst()
                .flatMap(stream::page);
    }
}
