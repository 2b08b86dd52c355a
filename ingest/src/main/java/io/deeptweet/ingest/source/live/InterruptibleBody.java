// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The body of an answer as a stream whose reader can be interrupted: that of the JDK goes on waiting. Keeps one batch
 * of buffers, and asks for the next one when it has been read.
 */
final class InterruptibleBody extends InputStream implements BodySubscriber<InputStream> {
    /** What the client delivers: buffers, or the end, with its reason if it is a failure. */
    private record Delivery(List<ByteBuffer> buffers, boolean end, Optional<Throwable> failure) {}

    private static final Delivery END = new Delivery(List.of(), true, Optional.empty());

    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private Delivery current = new Delivery(List.of(), false, Optional.empty());
    private boolean requested;
    private int next;
    private volatile boolean closed;

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.complete(given);
        if (closed) given.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        deliveries.add(new Delivery(List.copyOf(buffers), false, Optional.empty()));
    }

    @Override
    public void onError(Throwable failure) {
        deliveries.add(new Delivery(List.of(), true, Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        deliveries.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (!closed) {
            if (current.failure().isPresent())
                throw new IOException(current.failure().get());
            if (current.end()) return -1;
            while (next < current.buffers().size()) {
                ByteBuffer buffer = current.buffers().get(next);
                int count = Math.min(length, buffer.remaining());
                if (count > 0) {
                    buffer.get(bytes, offset, count);
                    return count;
                }
                next++;
            }
            await();
        }
        return -1;
    }

    private void await() throws InterruptedIOException {
        if (!requested) subscription.join().request(1);
        requested = true;
        try {
            current = deliveries.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        requested = false;
        next = 0;
    }

    @Override
    public void close() {
        closed = true;
        if (subscription.isDone()) subscription.join().cancel();
        deliveries.add(END);
    }
}
