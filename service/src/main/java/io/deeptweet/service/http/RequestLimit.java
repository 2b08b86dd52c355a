// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import jakarta.ws.rs.core.Response;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Bounds how many requests of a kind are worked on at once; further ones are told to come back. Thread-safe. */
public final class RequestLimit {
    private final Semaphore permits;
    private final int most;

    /** @param most requests at once, 1 or more */
    public RequestLimit(int most) {
        this.permits = new Semaphore(most);
        this.most = most;
    }

    /** The answer, or 503 with {@code Retry-After} if there are too many requests now. */
    public Response answer(Supplier<Response> request) {
        if (!permits.tryAcquire())
            return Answers.unavailable("more than " + most + " such requests at once: try again later");
        try {
            return request.get();
        } finally {
            permits.release();
        }
    }
}
