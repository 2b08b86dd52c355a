// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.cli.stack.ServiceClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends a request again and again until it is answered, as a client must that wants every record to arrive. */
final class Requests {
    static final String JSON_LINES = "application/x-ndjson";

    /** Longer than a service waits for Kafka. */
    private static final Duration TIMEOUT = Duration.ofSeconds(45);

    private static final Duration PAUSE = Duration.ofMillis(300);

    private Requests() {}

    /**
     * Sends JSON Lines until the service has taken them.
     *
     * @return how many times the request was sent
     * @throws IllegalStateException if the service refuses the request, which is a fault of the run
     */
    static int post(int port, String path, String body) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            try {
                HttpResponse<String> answer = ServiceClient.post(port, path, JSON_LINES, body, TIMEOUT);
                // 422: it has taken them all, and some were invalid.
                if (answer.statusCode() == 200 || answer.statusCode() == 422) return attempt;
                if (answer.statusCode() != 503 && answer.statusCode() != 429)
                    throw new IllegalStateException(
                            "POST " + path + " was refused with " + answer.statusCode() + ": " + answer.body());
            } catch (IOException e) {
                // It was killed, or is starting: nobody knows whether the request was carried out.
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }
}
