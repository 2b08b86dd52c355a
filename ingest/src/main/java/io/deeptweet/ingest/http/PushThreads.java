// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.opentelemetry.context.Context;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** The threads that publish pushed tweets. Publishing blocks while Kafka is slow, which HTTP's threads must not. */
@Singleton
class PushThreads {
    /** Each waiting request holds its body in memory. */
    private static final int MAX_THREADS = 64;

    private static final int KEEP_ALIVE_SECONDS = 30;

    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), PushThreads::thread);

    private final Semaphore parsing = new Semaphore(2);

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "push");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts a task, which may block.
     *
     * @param task gets a supplier that is true once the returned future is done, such as after a time-out: the task is
     *     cancelled then
     * @return completes as the task's own future does; fails if the task throws
     * @throws RejectedExecutionException if all threads are busy
     */
    <T> CompletableFuture<T> start(Function<BooleanSupplier, CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        // The request's trace goes on in its tweets.
        threads.execute(Context.current().wrap(() -> {
            try {
                var unused = task.apply(result::isDone).whenComplete((value, failure) -> {
                    if (failure == null) result.complete(value);
                    else result.completeExceptionally(failure);
                });
            } catch (RuntimeException e) { // also an interrupt, when the service stops
                result.completeExceptionally(e);
            }
        }));
        return result;
    }

    /** Parses a body, which may need a hundred times its memory: two at once. */
    <T> T parse(Supplier<T> work) {
        parsing.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            parsing.release();
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
