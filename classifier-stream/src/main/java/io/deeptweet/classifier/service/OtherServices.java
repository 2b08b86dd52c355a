// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.classifier.window.UnavailableException;
import io.deeptweet.service.security.ServerTls;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends requests of clients, with their credentials, to other instances of the classifier and to the trainer.
 * Thread-safe.
 */
@Singleton
class OtherServices {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** The trainer reads topics for some answers. */
    private static final Duration FORWARDED = Duration.ofSeconds(30);

    private final ServerTls tls;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http;

    @Inject
    OtherServices(ServerTls tls) {
        this.tls = tls;
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        tls.client().ifPresent(client::sslContext);
        this.http = client.build();
    }

    /**
     * The answer of another instance; empty if it is 404.
     *
     * @param address host and port
     * @param path with the query, which starts with /
     * @param authorization the client's credentials, which are sent by TLS or within this machine only
     * @throws UnavailableException if there is no answer with status 200 or 404
     */
    <T> Optional<T> get(String address, String path, Optional<String> authorization, Class<T> type) {
        var answer = send(request(address, path, authorization).build());
        if (answer.statusCode() == 404) return Optional.empty();
        // To ask again with credentials that were refused would use up the tries that a client has.
        if (answer.statusCode() != 200)
            throw new UnavailableException(address + " answers " + answer.statusCode(), answer.statusCode() >= 500);
        try {
            return Optional.of(mapper.readValue(answer.body(), type));
        } catch (IOException e) {
            throw new UnavailableException(address + " gives an answer of another release");
        }
    }

    /**
     * The answer of another service, to be passed on.
     *
     * @param body JSON; empty for GET
     * @throws UnavailableException if there is no answer
     */
    Response forward(String address, String path, Optional<String> body, Optional<String> authorization) {
        HttpRequest.Builder request = request(address, path, authorization).timeout(FORWARDED);
        body.ifPresent(json -> request.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .POST(HttpRequest.BodyPublishers.ofString(json)));
        var answer = send(request.build());
        Response.ResponseBuilder response = Response.status(answer.statusCode());
        if (answer.body().length > 0) response.entity(answer.body()).type(MediaType.APPLICATION_JSON_TYPE);
        answer.headers()
                .firstValue(HttpHeaders.RETRY_AFTER)
                .ifPresent(seconds -> response.header(HttpHeaders.RETRY_AFTER, seconds));
        return response.build();
    }

    private HttpRequest.Builder request(String address, String path, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((tls.isOn() ? "https://" : "http://") + address + path))
                .timeout(ANSWER);
        authorization.ifPresent(credentials -> {
            if (!tls.isOn() && !isLoopback(address))
                throw new UnavailableException("credentials are sent to " + address + " by TLS only: set up TLS");
            request.header(HttpHeaders.AUTHORIZATION, credentials);
        });
        return request;
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        String address = request.uri().getAuthority();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UnavailableException(
                    address + " does not answer: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the service stops");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(URI.create("http://" + address).getHost())
                    .isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
