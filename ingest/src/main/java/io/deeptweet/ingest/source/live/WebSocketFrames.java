// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages of a WebSocket connection, to be taken one after the other. It asks the server for no more while
 * {@value #MOST_BYTES} bytes wait to be taken, so a slow reader slows down the server and does not fill the heap. That
 * is why it uses the JDK's client: the one of Quarkus' WebSockets Next queues without a limit.
 */
final class WebSocketFrames implements AutoCloseable {
    static final long MOST_BYTES = 4L << 20;

    /** What a message takes beside its bytes: a server may send many that are empty. */
    private static final int OVERHEAD = 200;

    /** Messages that the server may send before it is asked again: these may come beyond the limit. */
    private static final int ASKED_FOR = 16;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * A message.
     *
     * @param bytes text in UTF-8, or binary data; the beginning if it is too large
     * @param binary whether it is binary
     * @param tooLarge whether it has more bytes than allowed
     */
    record Frame(byte[] bytes, boolean binary, boolean tooLarge) {}

    /** Either a message or the end. */
    private record Received(Optional<Frame> frame, String end) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Messages that have come and for which no other has been asked yet. */
    private final AtomicInteger owed = new AtomicInteger();

    private final Listener listener;
    private WebSocket socket;

    private WebSocketFrames(int largest) {
        listener = new Listener(largest);
    }

    /**
     * Connects.
     *
     * @param subprotocol what the server must speak; empty for nothing in particular
     * @param largest most bytes of a message
     * @throws LiveException if the server cannot be reached or refuses; the message is a sentence
     */
    static WebSocketFrames connect(HttpClient client, URI uri, Optional<String> subprotocol, int largest)
            throws IOException, InterruptedException {
        WebSocketFrames frames = new WebSocketFrames(largest);
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        subprotocol.ifPresent(builder::subprotocols);
        CompletableFuture<WebSocket> connecting = builder.buildAsync(uri, frames.listener);
        try {
            frames.socket = connecting.get(2 * CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return frames;
        } catch (ExecutionException e) {
            throw fault(uri, e.getCause());
        } catch (TimeoutException e) {
            throw new LiveException(Kind.DISCONNECTED, uri.getHost() + " does not answer", e);
        } catch (InterruptedException e) {
            connecting.thenAccept(WebSocket::abort);
            throw e;
        }
    }

    private static LiveException fault(URI uri, Throwable cause) {
        return cause instanceof WebSocketHandshakeException refused
                ? HttpRefusals.of(uri, refused.getResponse(), "")
                : HttpRefusals.unreachable(uri, cause);
    }

    /**
     * The next message.
     *
     * @return empty if none came within the patience
     * @throws LiveException if the connection has ended; the message is a sentence
     */
    Optional<Frame> next(Duration patience) throws IOException, InterruptedException {
        Received next = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) return Optional.empty();
        if (next.frame().isEmpty()) throw new LiveException(Kind.DISCONNECTED, next.end());
        waitingBytes.addAndGet(-size(next.frame().get()));
        askForMore(socket);
        return next.frame();
    }

    private static int size(Frame frame) {
        return frame.bytes().length + OVERHEAD;
    }

    /** How many messages wait to be taken. */
    int waiting() {
        return received.size();
    }

    private void askForMore(WebSocket from) {
        if (waitingBytes.get() >= MOST_BYTES) return;
        int count = owed.getAndSet(0);
        if (count > 0) from.request(count);
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .whenComplete((sent, error) -> socket.abort());
    }

    private final class Listener implements WebSocket.Listener {
        private final int largest;
        private ByteArrayOutputStream message = new ByteArrayOutputStream();
        private boolean tooLarge;

        Listener(int largest) {
            this.largest = largest;
        }

        @Override
        public void onOpen(WebSocket opened) {
            opened.request(ASKED_FOR);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            return add(from, StandardCharsets.UTF_8.encode(data.toString()), false, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            return add(from, data, true, last);
        }

        private CompletionStage<?> add(WebSocket from, ByteBuffer data, boolean binary, boolean last) {
            byte[] bytes = new byte[Math.min(data.remaining(), largest - message.size())];
            if (bytes.length < data.remaining()) tooLarge = true;
            data.get(bytes);
            message.writeBytes(bytes);
            if (!last) {
                from.request(1); // only whole messages are taken
                return null;
            }
            Frame frame = new Frame(message.toByteArray(), binary, tooLarge);
            waitingBytes.addAndGet(size(frame));
            received.add(new Received(Optional.of(frame), ""));
            owed.incrementAndGet();
            askForMore(from);
            message = new ByteArrayOutputStream();
            tooLarge = false;
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
            from.request(1); // the client has answered it
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end("the server closed the connection with code " + code
                    + (reason.isEmpty() ? "" : ": " + UntrustedText.quoted(reason)));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            // The JDK's client throws an InternalError without a message where a connection breaks within a message.
            end("the connection broke" + (error.getMessage() == null ? "" : ": " + error.getMessage()));
        }

        private void end(String sentence) {
            received.add(new Received(Optional.empty(), sentence));
        }
    }
}
