// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;

/** The feeds of the ingest of this machine, over HTTP. */
final class IngestFeeds {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = ServiceType.INGEST.statusPath();

    private final ServiceClient client;
    private final String address;

    /** @param installation where a running stack has left its addresses; otherwise the usual port is asked */
    IngestFeeds(Installation installation) {
        client = ServiceClient.of(installation.environment());
        Map<String, String> running = installation.runningStack().addresses().orElse(Map.of());
        address = "localhost:" + running.getOrDefault("ingest.port", "" + ServiceType.INGEST.defaultPort());
    }

    /** The status of every feed, an array. */
    JsonNode list() {
        return json(send("GET", PATH, ""));
    }

    /**
     * Adds a feed.
     *
     * @param definition a JSON object, as {@code POST /feeds} takes it
     * @return the feed's status
     */
    JsonNode add(JsonNode definition) {
        return json(send("POST", PATH, definition.toString()));
    }

    /**
     * Pauses or resumes a feed.
     *
     * @param action {@code pause} or {@code resume}
     * @return the feed's status
     */
    JsonNode change(String feed, String action) {
        return json(send("POST", path(feed) + "/" + action, ""));
    }

    void remove(String feed) {
        var unused = send("DELETE", path(feed), "");
    }

    private static String path(String feed) {
        if (!TweetLimits.isFeedName(feed))
            throw CommandFailedException.usage(
                    "the feed's name is " + UntrustedText.quoted(feed) + ": use " + TweetLimits.FEED_NAME_IN_WORDS);
        return PATH + "/" + feed;
    }

    private String send(String method, String path, String body) {
        HttpResponse<String> answer;
        try {
            answer = client.change(address, method, path, body);
        } catch (IOException e) {
            throw CommandFailedException.unreachable(
                    "ingest at " + client.url(address) + " does not answer: start it, for example with up");
        }
        int status = answer.statusCode();
        if (status < 300) return answer.body();
        String sentence = error(answer);
        if (status == 429 || status >= 500) throw CommandFailedException.unreachable(sentence + ": try again later");
        throw CommandFailedException.failed(sentence);
    }

    private static String error(HttpResponse<String> answer) {
        String other = "ingest answers with status " + answer.statusCode();
        try {
            return UntrustedText.oneLine(
                    JSON.readTree(answer.body()).path("error").asText(other));
        } catch (JsonProcessingException e) {
            return other;
        }
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw CommandFailedException.failed("ingest answers with something else than JSON");
        }
    }
}
