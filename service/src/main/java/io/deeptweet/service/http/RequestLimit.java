// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bounds how many requests of a kind are worked on at once; further ones are told to come back. Thread-safe. */
public final class RequestLimit {
    private final Semaphore permits;
    private final int most;
    private final Duration patience;

    /** @param most requests at once, 1 or more */
    public RequestLimit(int most) {
        this(most, Duration.ZERO);
    }

    /**
     * @param most requests at once, 1 or more
     * @param patience how long a further one waits for its turn, which holds a thread
     */
    public RequestLimit(int most, Duration patience) {
        this.permits = new Semaphore(most);
        this.most = most;
        this.patience = patience;
    }

    /** The answer, or 503 with {@code Retry-After} if there are too many requests now. */
    public Response answer(Supplier<Response> request) {
        if (!isAcquired()) return Answers.unavailable("more than " + most + " such requests at once: try again later");
        try {
            return request.get();
        } finally {
            permits.release();
        }
    }

    private boolean isAcquired() {
        try {
            return permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
