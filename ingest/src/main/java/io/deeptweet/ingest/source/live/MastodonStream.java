// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A stream of an instance of Mastodon, and the timeline that holds the same statuses.
 *
 * @param instance the scheme and authority of its address, such as {@code https://mastodon.social}
 * @param path of the stream after {@code /api/v1/streaming/}, such as {@code public/local}
 * @param timeline the same after {@code /api/v1/timelines/}, ends with {@code ?} or {@code &}
 * @param token access token of the instance
 * @see <a href="https://docs.joinmastodon.org/methods/streaming/">Mastodon, streaming</a>
 * @see <a href="https://docs.joinmastodon.org/methods/timelines/">Mastodon, timelines</a>
 */
record MastodonStream(URI instance, String path, String timeline, Optional<String> token) {
    /** For the headers of an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The most that a page can have. */
    private static final int PAGE = 40;

    /** The stream of a hashtag, without its {@code #}. */
    static MastodonStream ofHashtag(URI instance, Optional<String> token, String tag) {
        String encoded = URLEncoder.encode(tag, StandardCharsets.UTF_8).replace("+", "%20");
        return new MastodonStream(instance, "hashtag?tag=" + encoded, "tag/" + encoded + "?", token);
    }

    /** The stream of a public timeline. */
    static MastodonStream of(URI instance, Optional<String> token, MastodonSource.Timeline timeline) {
        return new MastodonStream(instance, timeline.path(), "public?" + timeline.query(), token);
    }

    /** Tells it from the other streams of a source; has no spaces. */
    String key() {
        return instance.getAuthority() + "/" + path;
    }

    HttpRequest follow() {
        return request(address("streaming/" + path), "text/event-stream");
    }

    /** Asks for the statuses that follow an id, the oldest first. */
    HttpRequest after(String id) {
        return request(address("timelines/" + timeline + "limit=" + PAGE + "&min_id=" + id), "application/json");
    }

    /** Asks for a page that a header of the instance names; empty if another server has it. */
    Optional<HttpRequest> page(String link) {
        try {
            URI page = instance.resolve(link);
            boolean same = instance.getScheme().equals(page.getScheme())
                    && instance.getAuthority().equals(page.getAuthority());
            return same ? Optional.of(request(page, "application/json")) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private URI address(String rest) {
        return URI.create(instance + "/api/v1/" + rest);
    }

    private HttpRequest request(URI address, String type) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(PATIENCE).header("Accept", type);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request.build();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return key();
    }
}
