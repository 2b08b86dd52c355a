// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP API on the loopback address. What it answers is a function of the request, unless an answer is planned. */
public final class FakeApi implements AutoCloseable {
    /** A request, with its decoded parameters and its headers in lower case. */
    public record Request(String path, String query, Map<String, String> parameters, Map<String, String> headers) {}

    /** An answer; a negative status sends nothing until the server is closed. */
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public static Reply json(String body) {
            return new Reply(200, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
        }

        static Reply status(int status, Map<String, String> headers) {
            return new Reply(status, headers, new byte[0]);
        }

        Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, more, body);
        }
    }

    static final int STALL = -1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Reply> planned = new ConcurrentLinkedQueue<>();
    private final Function<Request, Reply> answers;

    public FakeApi(Function<Request, Reply> answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address(String pathAndQuery) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + pathAndQuery);
    }

    /** The next request gets this answer. */
    void plan(Reply reply) {
        planned.add(reply);
    }

    boolean hasPlans() {
        return !planned.isEmpty();
    }

    public List<Request> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            URI uri = exchange.getRequestURI();
            String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
            Request request = new Request(uri.getPath(), query, parameters(query), headers);
            Reply reply = Optional.ofNullable(planned.poll()).orElseGet(() -> answers.apply(request));
            requests.add(request);
            if (reply.status() == STALL) {
                stall();
                return;
            }
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            boolean empty = reply.body().length == 0;
            exchange.sendResponseHeaders(reply.status(), empty ? -1 : reply.body().length);
            if (!empty) exchange.getResponseBody().write(reply.body());
        }
    }

    /** Until the server is closed. */
    private void stall() {
        try {
            synchronized (server) {
                server.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) parameters.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
        }
        return parameters;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
