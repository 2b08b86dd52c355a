// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instance of Mastodon on the loopback address. Its streams send what comes after they were opened; its timelines
 * hold everything. Answers that are to come can be given instead.
 */
public final class FakeMastodon implements AutoCloseable {
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    /** What a stream is asked by, and where to write what comes. */
    private record Open(String path, Socket socket, OutputStream out) {}

    private final ServerSocket socket;
    private final NavigableMap<Long, String> statuses = new ConcurrentSkipListMap<>();
    private final List<Open> streams = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final Queue<String> streamAnswers = new ConcurrentLinkedQueue<>();
    private final Queue<String> pageAnswers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile int pageSize = 40;
    private volatile String pageHeaders = "";
    private volatile boolean withLinks = true;

    public FakeMastodon() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public URI address() {
        return URI.create("http://localhost:" + socket.getLocalPort());
    }

    String authority() {
        return address().getAuthority();
    }

    /** Adds a status to the timelines, without telling the streams. */
    void keep(long id, String status) {
        statuses.put(id, status);
    }

    /** Adds a status to the timelines and the streams. */
    public void post(long id, String status) {
        keep(id, status);
        event("update", status);
    }

    void event(String name, String data) {
        send("event: " + name + "\ndata: " + data + "\n\n");
    }

    /** Sends bytes to the streams. */
    void send(String raw) {
        send("", raw);
    }

    /** Sends bytes to the streams whose path ends so. */
    void send(String path, String raw) {
        streams.stream().filter(stream -> stream.path().endsWith(path)).forEach(stream -> {
            try {
                stream.out().write(raw.getBytes(UTF_8));
                stream.out().flush();
                sent.addAndGet(raw.length());
            } catch (IOException e) {
                streams.remove(stream);
            }
        });
    }

    int sent() {
        return sent.get();
    }

    /** The next stream is answered so, and not opened. */
    void answerStream(String answer) {
        streamAnswers.add(answer);
    }

    /** The next page is answered so. */
    void answerPage(String answer) {
        pageAnswers.add(answer);
    }

    void pages(int size, boolean links, String headers) {
        pageSize = size;
        withLinks = links;
        pageHeaders = headers;
    }

    /** Breaks all streams. */
    void breakStreams() throws IOException {
        for (Open stream : streams) stream.socket().close();
        streams.clear();
    }

    int open() {
        return streams.size();
    }

    /** The targets of the requests so far. */
    public List<String> requests() {
        return requests;
    }

    long pages() {
        return requests.stream()
                .filter(target -> target.contains("/timelines/"))
                .count();
    }

    /** The Authorization headers so far. */
    List<String> tokens() {
        return tokens;
    }

    static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\nConnection: close\r\n" + headers + "\r\n" + body;
    }

    private void accept() throws IOException {
        while (!socket.isClosed()) {
            Socket connection = socket.accept();
            connections.add(connection);
            start(() -> serve(connection));
        }
    }

    private void serve(Socket connection) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        String first = in.readLine();
        if (first == null) return;
        String target = first.split(" ")[1];
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine())
            if (line.toLowerCase(Locale.ROOT).startsWith("authorization:"))
                tokens.add(line.substring(14).strip());
        OutputStream out = connection.getOutputStream();
        if (target.startsWith("/api/v1/timelines/")) {
            requests.add(target);
            out.write(Optional.ofNullable(pageAnswers.poll())
                    .orElseGet(() -> page(target))
                    .getBytes(UTF_8));
            connection.close();
            return;
        }
        Optional<String> instead = Optional.ofNullable(streamAnswers.poll());
        out.write(instead.orElse(EVENTS + ":)\n").getBytes(UTF_8));
        if (instead.isEmpty()) streams.add(new Open(target, connection, out));
        else connection.close();
        requests.add(target);
    }

    private String page(String target) {
        Matcher minimum = Pattern.compile("[?&]min_id=(\\d+)").matcher(target);
        List<Long> ids =
                statuses.tailMap(minimum.find() ? Long.parseLong(minimum.group(1)) : 0L, false).keySet().stream()
                        .limit(pageSize)
                        .sorted(Comparator.reverseOrder())
                        .toList();
        String path = target.replaceFirst("[?&]min_id=\\d+", "");
        String link = ids.isEmpty() || !withLinks
                ? ""
                : "Link: <" + address() + path + "&max_id=" + ids.get(ids.size() - 1) + ">; rel=\"next\", <" + address()
                        + path + "&min_id=" + ids.get(0) + ">; rel=\"prev\"\r\n";
        String headers =
                pageHeaders.replace("NOW+1", Instant.now().plusSeconds(1).toString());
        return answer(
                200,
                link + headers,
                "[" + String.join(",", ids.stream().map(statuses::get).toList()) + "]");
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The other side has gone, or the server is closed.
            }
        });
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
