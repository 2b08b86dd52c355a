// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks services over HTTP, with the credentials that the environment has. */
public final class ServiceClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Longer than ingest waits for Kafka. */
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(90);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceAccess access;
    private final HttpClient http;

    private ServiceClient(ServiceAccess access) {
        this.access = access;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
        access.tls().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** A client for services wherever they run: over TLS if the environment has a CA file. */
    public static ServiceClient of(Map<String, String> environment) {
        return new ServiceClient(ServiceAccess.of(environment));
    }

    /** The client for services that a command has started itself: on this machine, without TLS. */
    private static ServiceClient local() {
        return Local.CLIENT;
    }

    /** Made at its first use, so that a wrong variable does not end commands that ask no service. */
    private static final class Local {
        static final ServiceClient CLIENT = new ServiceClient(
                new ServiceAccess(ServiceAccess.of(System.getenv()).authorization(), Optional.empty()));
    }

    /** Whether a service that a command has started is ready. */
    public static boolean isReady(int port) {
        return local().isReady("localhost:" + port);
    }

    /**
     * A page of a service that a command has started.
     *
     * @throws IOException if it does not answer
     * @throws CommandFailedException if it wants other credentials
     */
    public static HttpResponse<String> get(int port, String path) throws IOException {
        return local().get("localhost:" + port, path);
    }

    /** As {@link #get(int, String)}, read as JSON. */
    public static JsonNode json(int port, String path) throws IOException {
        return JSON.readTree(get(port, path).body());
    }

    /**
     * Sends a request with a body to a service that a command has started.
     *
     * @param timeout how long to wait for the answer
     * @throws IOException if it does not answer: whether the request was carried out is then unknown
     * @throws CommandFailedException if it wants other credentials
     */
    public static HttpResponse<String> post(int port, String path, String contentType, String body, Duration timeout)
            throws IOException {
        return local().send(
                        "localhost:" + port,
                        path,
                        request -> request.timeout(timeout)
                                .header("Content-Type", contentType)
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The URL of a service. */
    public String url(String address) {
        return access.scheme() + "://" + address;
    }

    /** @param address host and port */
    public boolean isReady(String address) {
        try {
            return get(address, "/q/health/ready").statusCode() == 200;
        } catch (IOException | CommandFailedException e) {
            return false;
        }
    }

    /**
     * A page of a service.
     *
     * @param address host and port
     * @throws IOException if it does not answer
     * @throws CommandFailedException if it wants other credentials
     * @throws IllegalArgumentException if this is no address
     */
    public HttpResponse<String> get(String address, String path) throws IOException {
        return send(address, path, request -> request.timeout(TIMEOUT));
    }

    /**
     * Sends a request that may change something.
     *
     * @param body JSON; may be empty
     * @throws IOException if it does not answer: whether the request was carried out is then unknown
     * @throws CommandFailedException if it wants other credentials
     */
    public HttpResponse<String> change(String address, String method, String path, String body) throws IOException {
        return send(
                address,
                path,
                request -> request.timeout(CHANGE_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(String address, String path, Consumer<HttpRequest.Builder> settings)
            throws IOException {
        URI uri = URI.create(url(address) + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        settings.accept(request);
        access.authorizationFor(uri).ifPresent(credentials -> request.header("Authorization", credentials));
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            int status = answer.statusCode();
            if (status == 401 || status == 403)
                throw CommandFailedException.unreachable(
                        access.refusal(uri, request.build().method(), status));
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
