// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.classifier.window.StoreUnavailableException;
import io.deeptweet.service.security.ServerTls;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks other instances of the classifier over HTTP for what this one does not hold. Thread-safe. */
@Singleton
class OtherInstances {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final ServerTls tls;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http;

    @Inject
    OtherInstances(ServerTls tls) {
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
     * @throws StoreUnavailableException if there is no answer with status 200 or 404
     */
    <T> Optional<T> get(String address, String path, Optional<String> authorization, Class<T> type) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((tls.isOn() ? "https://" : "http://") + address + path))
                .timeout(ANSWER);
        if (authorization.isPresent()) {
            if (!tls.isOn() && !isLoopback(address))
                throw new StoreUnavailableException(
                        "the windows are at " + address + ", to which credentials are sent by TLS only: set up TLS");
            request.header("Authorization", authorization.get());
        }
        try {
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() == 404) return Optional.empty();
            if (answer.statusCode() != 200)
                throw new StoreUnavailableException(address + " answers " + answer.statusCode());
            return Optional.of(mapper.readValue(answer.body(), type));
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    address + " does not answer: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the service stops");
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
