// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.service.WindowUpdates.Changes;
import io.deeptweet.classifier.service.WindowUpdates.Position;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.security.Roles;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * {@code GET /events}: the windows that change, as Server-Sent Events. An event {@code windows} holds those that have
 * changed within the last half second, each once; {@code reset} says that earlier changes are lost, so that the client
 * has to ask for the windows again. The id of an event is good for {@code Last-Event-ID} at every instance. A client
 * that does not read fast enough gets fewer events, and in the end the same windows.
 */
@Path("/events")
@Singleton
public class EventsResource {
    private static final Logger LOG = Logger.getLogger(EventsResource.class);
    private static final int MOST_CLIENTS = 200;
    private static final int MOST_WAITING = 4;
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration START = Duration.ofSeconds(5);
    /** So that both sides learn that the other has gone. */
    private static final long TICKS_BETWEEN_COMMENTS = 30;

    private final ClassifierSettings settings;
    private final ClassifierState state;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "window-events");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private volatile Optional<WindowUpdates> updates = Optional.empty();
    private long tick;

    @Inject
    EventsResource(ClassifierSettings settings, ClassifierState state) {
        this.settings = settings;
        this.state = state;
    }

    /**
     * What a client wants.
     *
     * @param feed empty for all
     * @param size of the windows; empty for all
     */
    private record Filter(String feed, Optional<Duration> size) {
        boolean accepts(WindowAnswer window) {
            return (feed.isEmpty() || feed.equals(window.feed()))
                    && (size.isEmpty() || size.get().toString().equals(window.size()));
        }
    }

    private static final class Client {
        final SseEventSink sink;
        final Sse sse;
        final Filter filter;
        /** Used by the thread of ticks only. */
        long number;

        volatile boolean sending;

        Client(SseEventSink sink, Sse sse, Filter filter, long number) {
            this.sink = sink;
            this.sse = sse;
            this.filter = filter;
            this.number = number;
        }
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public void events(
            @QueryParam("feed") Optional<String> feed,
            @QueryParam("size") Optional<String> size,
            @HeaderParam("Last-Event-ID") Optional<String> lastId,
            @Context Sse sse,
            @Context SseEventSink sink)
            throws InterruptedException {
        Filter filter = filter(feed, size);
        Optional<WindowUpdates> reading = clients.size() < MOST_CLIENTS ? updates() : Optional.empty();
        if (reading.isEmpty()) { // the stream has begun: there is no other way to say it
            sink.send(sse.newEvent("unavailable", "too many clients, or the service is starting: try again later"))
                    .thenRun(sink::close);
            return;
        }
        Optional<Position> position = lastId.flatMap(Position::of);
        Changes changes =
                position.map(reading.get()::since).orElseGet(() -> reading.get().since(Long.MAX_VALUE));
        Client client = new Client(sink, sse, filter, changes.number());
        boolean lost = lastId.isPresent() && (position.isEmpty() || !changes.complete());
        send(client, lost ? event(client, "reset", changes.position(), List.of()) : windows(client, changes));
        clients.add(client);
    }

    private Filter filter(Optional<String> feed, Optional<String> size) {
        try {
            return new Filter(feed.orElse(""), QueryParameters.size(size, StreamFactory.allWindows(settings)));
        } catch (QueryParameters.InvalidParameterException e) {
            throw new WebApplicationException(Answers.refused(400, e.getMessage()));
        }
    }

    /** The updates once they are read; empty if the stream has not started, or Kafka does not answer. */
    private Optional<WindowUpdates> updates() throws InterruptedException {
        Optional<WindowUpdates> reading = started();
        if (reading.isEmpty() || reading.get().awaitStart(Duration.ZERO)) return reading;
        if (!waiting.tryAcquire()) return Optional.empty(); // waiting clients hold threads
        try {
            return reading.get().awaitStart(START) ? reading : Optional.empty();
        } finally {
            waiting.release();
        }
    }

    /** Starts to read with the first client. */
    private synchronized Optional<WindowUpdates> started() {
        if (updates.isEmpty()) {
            updates = state.windowUpdates();
            updates.ifPresent(reading -> {
                reading.start();
                ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
            });
        }
        return updates;
    }

    private void tick() {
        try {
            tick++;
            clients.removeIf(client -> client.sink.isClosed());
            Map<Long, Changes> changes = new HashMap<>(); // most clients are at the same update
            for (Client client : clients)
                if (!client.sending) send(client, changes.computeIfAbsent(client.number, updates.orElseThrow()::since));
        } catch (RuntimeException e) { // the next tick tries again
            LOG.debug("a tick failed", e);
        }
    }

    private void send(Client client, Changes changes) {
        client.number = changes.number();
        if (!changes.complete()) send(client, event(client, "reset", changes.position(), List.of()));
        else if (changes.windows().stream().anyMatch(client.filter::accepts)) send(client, windows(client, changes));
        else if (tick % TICKS_BETWEEN_COMMENTS == 0)
            send(client, client.sse.newEventBuilder().comment("").build());
    }

    private static void send(Client client, OutboundSseEvent event) {
        client.sending = true;
        try {
            client.sink.send(event).whenComplete((sent, fault) -> client.sending = false);
        } catch (IllegalStateException e) { // it has gone: the next tick forgets it
            LOG.debug("a client has gone", e);
        }
    }

    private static OutboundSseEvent windows(Client client, Changes changes) {
        return event(
                client,
                "windows",
                changes.position(),
                changes.windows().stream().filter(client.filter::accepts).toList());
    }

    private static OutboundSseEvent event(Client client, String name, Position position, List<WindowAnswer> windows) {
        return client.sse
                .newEventBuilder()
                .name(name)
                .id(position.id())
                .data(String.class, QueryAnswers.text(windows))
                .build();
    }

    void stop(@Observes ShutdownEvent event) {
        ticks.shutdownNow();
        clients.forEach(client -> client.sink.close());
        updates.ifPresent(WindowUpdates::close);
    }
}
