// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.tweet.RecordJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Follows one stream of an instance of Mastodon. Connects first, and then reads from the timeline what it has missed:
 * what is written meanwhile waits in the stream.
 */
final class MastodonConnection {
    /** 40 statuses each. Instances allow 300 requests in 5 minutes. */
    static final int MOST_PAGES = 100;

    private static final int MOST_ATTEMPTS = 3;
    /** What comes later is no greeting. */
    private static final Duration GREETING = Duration.ofMillis(500);

    private static final Logger LOG = Logger.getLogger(MastodonConnection.class);

    private final HttpClient client;
    private final MastodonStream stream;
    private final MastodonSource.Options options;
    private final MastodonIntake intake;
    private final SourceMonitor monitor;
    private final Retries retries;

    MastodonConnection(
            HttpClient client,
            MastodonStream stream,
            MastodonSource.Options options,
            MastodonIntake intake,
            SourceMonitor monitor,
            Retries retries) {
        this.client = client;
        this.stream = stream;
        this.options = options;
        this.intake = intake;
        this.monitor = monitor;
        this.retries = retries;
    }

    /** Follows the stream until the thread is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            try {
                follow();
            } catch (LiveException e) {
                retries.failed(e);
            } catch (IOException e) {
                retries.failed(HttpRefusals.unreachable(stream.instance(), e));
            }
        }
    }

    /** Never returns; the connection ends by an exception. */
    private void follow() throws IOException, InterruptedException {
        HttpLines lines = HttpLines.connect(client, stream.follow(), options.quiet(), options.largestEvent());
        Optional<ServerSentEvents> reader = Optional.empty();
        try (lines) {
            ServerSentEvents events = new ServerSentEvents(lines, options.largestEvent());
            reader = Optional.of(events);
            LOG.infof("source follows %s", stream.key());
            Optional<String> start = intake.start(stream);
            if (start.isPresent()) fill(new MastodonTimeline(client, stream, start.get()));
            long opened = System.nanoTime();
            boolean receives = false;
            while (true) {
                Optional<ServerSentEvents.Event> event = events.next();
                // Every stream begins with a greeting, also if it ends at once.
                if (!receives && (event.isPresent() || System.nanoTime() - opened > GREETING.toNanos())) {
                    receives = true;
                    retries.succeeded();
                }
                if (event.isPresent()) take(event.get());
            }
        } catch (LiveException e) {
            throw reader.flatMap(ServerSentEvents::retry)
                    .map(wait -> later(e, wait))
                    .orElse(e);
        }
    }

    private static LiveException later(LiveException e, Duration wait) {
        return new LiveException(
                e.kind(), e.getMessage(), Optional.of(Instant.now().plus(wait)), e);
    }

    private void take(ServerSentEvents.Event event) throws InterruptedException {
        switch (event.name()) {
            case "update" -> intake.status(stream, event);
            case "status.update" -> monitor.event("update");
            case "delete" -> {
                monitor.event("delete");
                intake.deletion(stream, new String(event.data(), StandardCharsets.UTF_8).strip());
            }
            default -> monitor.event("other");
        }
    }

    /** Reads what the stream has missed. What cannot be read is lost. */
    private void fill(MastodonTimeline timeline) throws IOException, InterruptedException {
        int pages = 0;
        int failures = 0;
        while (pages < MOST_PAGES && failures < MOST_ATTEMPTS) {
            try {
                List<JsonNode> page = timeline.page();
                for (JsonNode status : page)
                    intake.status(stream, new ServerSentEvents.Event("update", RecordJson.bytes(status), false));
                if (page.isEmpty()) return;
                pages++;
                failures = 0;
                if (timeline.notBefore().isPresent())
                    retries.failed(limit(timeline.notBefore().get()));
                else retries.succeeded();
            } catch (LiveException e) {
                failures++;
                retries.failed(e);
            }
        }
        monitor.event("gap");
        LOG.warnf(
                "statuses of %s are lost: %s",
                stream.key(),
                failures == 0 ? "more than " + MOST_PAGES + " pages were missed" : "its timeline cannot be read");
    }

    private LiveException limit(Instant notBefore) {
        String host = stream.instance().getHost();
        return new LiveException(Kind.RATE_LIMITED, host + " allows no more requests", Optional.of(notBefore), null);
    }
}
