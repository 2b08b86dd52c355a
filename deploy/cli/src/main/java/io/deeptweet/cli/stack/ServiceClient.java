// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks services over HTTP. */
public final class ServiceClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private ServiceClient() {}

    /** Whether a service of this machine is ready. */
    public static boolean isReady(int port) {
        return isReady(local(port));
    }

    /** @param address host and port */
    public static boolean isReady(String address) {
        try {
            return get(address, "/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A page of a service of this machine.
     *
     * @throws IOException if it does not answer
     */
    public static HttpResponse<String> get(int port, String path) throws IOException {
        return get(local(port), path);
    }

    /**
     * A page of a service.
     *
     * @param address host and port
     * @throws IOException if it does not answer
     * @throws IllegalArgumentException if this is no address
     */
    public static HttpResponse<String> get(String address, String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .timeout(TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Sends a request with a body to a service of this machine.
     *
     * @param timeout how long to wait for the answer
     * @throws IOException if it does not answer: whether the request was carried out is then unknown
     */
    public static HttpResponse<String> post(int port, String path, String contentType, String body, Duration timeout)
            throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://" + local(port) + path))
                            .timeout(timeout)
                            .header("Content-Type", contentType)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String local(int port) {
        return "localhost:" + port;
    }
}
