// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The body of an answer as a stream whose reader can be interrupted; that of the JDK 17 goes on waiting. It asks for
 * more only when all was read, so a slow reader slows down the server.
 */
final class InterruptibleBody extends InputStream implements BodySubscriber<InputStream> {
    private interface Event {}

    private record Received(List<ByteBuffer> buffers) implements Event {}

    private record Ended() implements Event {}

    private record Failed(Throwable cause) implements Event {}

    private record Closed() implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription.complete(from);
        from.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> received) {
        events.add(new Received(received));
    }

    @Override
    public void onError(Throwable error) {
        events.add(new Failed(error));
    }

    @Override
    public void onComplete() {
        events.add(new Ended());
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? buffers.peek().get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (!hasMore()) return -1;
        int count = Math.min(length, buffers.peek().remaining());
        buffers.peek().get(into, offset, count);
        return count;
    }

    /** Waits until there is a byte to read; false at the end. */
    private boolean hasMore() throws IOException {
        while (true) {
            while (!buffers.isEmpty() && !buffers.peek().hasRemaining()) buffers.remove();
            if (!buffers.isEmpty()) return true;
            Event event = next();
            if (event instanceof Received received) {
                buffers.addAll(received.buffers());
                subscription.thenAccept(from -> from.request(1));
                continue;
            }
            events.add(event); // for the next call
            if (event instanceof Ended) return false;
            if (event instanceof Failed failed)
                throw new IOException(failed.cause().getMessage(), failed.cause());
            throw new IOException("the stream is closed");
        }
    }

    private Event next() throws InterruptedIOException {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the reader was interrupted");
        }
    }

    /** Breaks the connection unless the body has ended. Who reads gets an exception. */
    @Override
    public void close() {
        events.add(new Closed());
        subscription.thenAccept(Flow.Subscription::cancel);
    }
}
