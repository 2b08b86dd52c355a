// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** Calls the HTTP API of ingest. */
public final class IngestClient {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;

    public IngestClient(URI base) {
        this.base = base;
    }

    public HttpResponse<String> push(String feed, String mediaType, String body) throws IOException {
        return push(feed, Optional.of(mediaType), HttpRequest.BodyPublishers.ofString(body));
    }

    public HttpResponse<String> push(String feed, Optional<String> mediaType, HttpRequest.BodyPublisher body)
            throws IOException {
        HttpRequest.Builder request = request("/tweets?feed=" + feed).POST(body);
        mediaType.ifPresent(type -> request.header("Content-Type", type));
        return send(request);
    }

    /** Pushes a tweet without naming a feed. */
    public HttpResponse<String> push(String tweet) throws IOException {
        return send(request("/tweets")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(tweet)));
    }

    /** Status of the readiness check; -1 if there is no answer. */
    public int readiness() {
        try {
            return get("/q/health/ready").statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    public HttpResponse<String> get(String path) throws IOException {
        return send(request(path));
    }

    /** Sends a request with a body of JSON, which may be empty. */
    public HttpResponse<String> change(String method, String path, String body) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The status of a feed. */
    public JsonNode feed(String name) throws IOException {
        for (JsonNode feed : JSON.readTree(get("/feeds").body()))
            if (feed.path("feed").asText().equals(name)) return feed;
        throw new AssertionError("there is no feed " + name);
    }

    /** Tweets of a feed that Kafka has acknowledged. */
    public long published(String feed) throws IOException {
        return feed(feed).path("published").asLong();
    }

    /** The status of a feed once its source has reached its end. */
    public JsonNode finished(String name) throws IOException {
        await().atMost(IngestProcess.PATIENCE)
                .until(() -> !List.of("running", "retrying")
                        .contains(feed(name).path("state").asText()));
        JsonNode feed = feed(name);
        assertThat(feed.path("state").asText()).as(feed.toString()).isEqualTo("finished");
        return feed;
    }

    /** The value of a metric; 0 if there is none. */
    public double metric(String nameAndLabels) throws IOException {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .sum();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
