// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Reads the Server-Sent Events of {@code GET /events}. */
final class EventClient implements AutoCloseable {
    private final InputStream body;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    record Event(String id, String name, String data) {}

    /** @param lastId what the client has seen; null for a new client */
    EventClient(HttpClient http, ClassifierProcess instance, String query, String lastId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + instance.address() + "/events" + query));
        if (lastId != null) request.header("Last-Event-ID", lastId);
        body = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
        Thread reader = new Thread(this::read, "events");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (Scanner blocks = new Scanner(body, StandardCharsets.UTF_8).useDelimiter("\n\n")) {
            while (blocks.hasNext()) {
                String block = blocks.next();
                events.add(new Event(field(block, "id"), field(block, "event"), field(block, "data")));
            }
        }
    }

    private static String field(String block, String name) {
        return block.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Waits for an event whose data has a part. */
    Event await(String name, String part) {
        return Awaitility.await()
                .atMost(ClassifierProcess.PATIENCE)
                .until(
                        () -> events.stream()
                                .filter(event -> event.name().equals(name)
                                        && event.data().contains(part))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
