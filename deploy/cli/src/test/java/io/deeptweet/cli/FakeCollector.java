// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of traces: OTLP over HTTP with Protocol Buffers, of which it reads what a test looks at. */
final class FakeCollector implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /** A received span; its ids in hex, {@code parent} empty if it has none. */
    record Span(String name, String trace, String id, String parent) {}

    private record Field(int number, byte[] bytes) {}

    FakeCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().equals("/v1/traces")) read(body);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    int requests() {
        return requests.get();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** {@code ExportTraceServiceRequest}: resource spans (1), in them scope spans (2), in them spans (2). */
    private void read(byte[] request) {
        for (Field resource : fields(request, 1))
            for (Field scope : fields(resource.bytes(), 2))
                for (Field span : fields(scope.bytes(), 2))
                    spans.add(new Span(
                            new String(value(span, 5), StandardCharsets.UTF_8),
                            HexFormat.of().formatHex(value(span, 1)),
                            HexFormat.of().formatHex(value(span, 2)),
                            HexFormat.of().formatHex(value(span, 4))));
    }

    private static byte[] value(Field message, int number) {
        return fields(message.bytes(), number).stream()
                .map(Field::bytes)
                .findFirst()
                .orElse(new byte[0]);
    }

    /** The fields of a message that have this number and a length. */
    private static List<Field> fields(byte[] message, int number) {
        List<Field> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    if (tag >> 3 == number) fields.add(new Field(number, bytes));
                }
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) return value;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
