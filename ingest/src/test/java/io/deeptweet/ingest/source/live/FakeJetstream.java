// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of Jetstream on the loopback address. It keeps its events, sends those from a cursor on (inclusive), and
 * then what comes. Connections that are to come can be given a fault each.
 */
public final class FakeJetstream implements AutoCloseable {
    /** Version 1's path. */
    public static final String FIRST = "/subscribe";
    /** Version 2's path. */
    public static final String SECOND = "/xrpc/network.bsky.jetstream.subscribeEvents";

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final Pattern NUMBER = Pattern.compile("\"(?:time_us|seq)\":(\\d+)");

    /** What goes wrong with a connection after some events. */
    public enum Fault {
        /** Nothing more is sent, and the connection stays open. */
        STALL,
        /** The connection breaks without a close frame. */
        BREAK,
        /** The server closes. */
        CLOSE,
        /** The server answers with 429 instead of a WebSocket. */
        REFUSE
    }

    /** A fault, and after how many events of its connection it comes. */
    record Planned(Fault fault, int after) {}

    private final ServerSocket socket;
    private final String path;
    private final Optional<ZstdDictCompress> compression;
    private final List<byte[]> events = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final Queue<Planned> plan = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    /** Events before this one have been forgotten. */
    private volatile int oldest;

    public FakeJetstream(String path, Optional<byte[]> dictionary) throws IOException {
        this.path = path;
        compression = dictionary.map(bytes -> new ZstdDictCompress(bytes, Zstd.defaultCompressionLevel()));
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public URI address() {
        return URI.create("ws://localhost:" + socket.getLocalPort() + path);
    }

    /** Adds an event, which is sent to all connections. */
    public void add(String event) {
        add(event.getBytes(UTF_8));
    }

    public void add(byte[] event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    /** The next connection gets this fault. */
    public void plan(Fault fault, int after) {
        plan.add(new Planned(fault, after));
    }

    /** Forgets the events so far: a cursor before them starts after them. */
    void forget() {
        synchronized (events) {
            oldest = events.size();
        }
    }

    /** The queries of the connections so far. */
    public List<String> requests() {
        return requests;
    }

    int sent() {
        return sent.get();
    }

    private void accept() throws IOException {
        while (!socket.isClosed()) {
            Socket connection = socket.accept();
            connections.add(connection);
            start("serve", () -> serve(connection));
        }
    }

    private void serve(Socket connection) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
        String request = in.readLine();
        String key = "";
        String protocol = "";
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) key = value;
            if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-protocol:")) protocol = value;
        }
        int next = start(request);
        requests.add(request.split(" ")[1]); // who waits for it may add events that are sent
        Optional<Planned> planned = Optional.ofNullable(plan.poll());
        if (planned.filter(fault -> fault.fault() == Fault.REFUSE).isPresent()) {
            out.writeBytes("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            out.close();
            return;
        }
        out.writeBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n"
                + (protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n") + "\r\n");
        out.flush();
        send(connection, out, request, next, planned);
    }

    private void send(Socket connection, DataOutputStream out, String request, int first, Optional<Planned> planned)
            throws IOException {
        boolean compress = request.contains("compress=true");
        for (int count = 0; ; count++) {
            if (planned.isPresent() && count == planned.get().after()) {
                out.flush();
                if (planned.get().fault() == Fault.STALL) return;
                if (planned.get().fault() == Fault.CLOSE) close(out);
                else connection.close();
                return;
            }
            byte[] event = await(first + count, out);
            if (compress) frame(out, BINARY, compressed(event));
            else frame(out, TEXT, event);
            sent.incrementAndGet();
            if (isError(event)) {
                forget(first + count, event);
                close(out); // the client ends the connection
                return;
            }
        }
    }

    /** Says that it closes; the client then ends the connection. */
    private static void close(DataOutputStream out) throws IOException {
        frame(out, CLOSE, ByteBuffer.allocate(2).putShort((short) 1012).array());
        out.flush();
    }

    private static boolean isError(byte[] event) {
        return new String(event, UTF_8).startsWith("{\"$type\":\"error\"");
    }

    /** An error ends one connection; the next gets something that does not matter instead. */
    private void forget(int index, byte[] error) {
        synchronized (events) {
            if (events.get(index) == error)
                events.set(
                        index,
                        ("{\"$type\":\"message\",\"payload\":{\"$type\":\"#other\",\"seq\":2,\"did\":\"d\","
                                        + "\"time\":\"2026-09-20T12:00:00Z\"}}")
                                .getBytes(UTF_8));
        }
    }

    private byte[] await(int index, DataOutputStream out) throws IOException {
        synchronized (events) {
            if (events.size() <= index) out.flush();
            while (events.size() <= index) {
                try {
                    events.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return events.get(index);
        }
    }

    private int start(String request) {
        Matcher cursor = Pattern.compile("[?&]cursor=(\\d+)").matcher(request);
        synchronized (events) {
            if (!cursor.find()) return events.size();
            int index = oldest;
            while (index < events.size() && number(events.get(index)) < Long.parseLong(cursor.group(1))) index++;
            return index;
        }
    }

    private static long number(byte[] event) {
        Matcher matcher = NUMBER.matcher(new String(event, UTF_8));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private byte[] compressed(byte[] event) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.loadDict(compression.orElseThrow());
            return context.compress(event);
        }
    }

    private static void frame(DataOutputStream out, int kind, byte[] payload) throws IOException {
        out.writeByte(kind);
        if (payload.length < 126) {
            out.writeByte(payload.length);
        } else if (payload.length < 1 << 16) {
            out.writeByte(126);
            out.writeShort(payload.length);
        } else {
            out.writeByte(127);
            out.writeLong(payload.length);
        }
        out.write(payload);
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_SUFFIX).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // The other side has gone, or the server is closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : connections) connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
