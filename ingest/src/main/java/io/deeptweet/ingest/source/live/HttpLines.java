// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The lines of an answer that does not end: a stream of JSON Lines, or of server-sent events. A slow reader slows down
 * the server. A stream that is quiet for too long is closed.
 */
final class HttpLines implements AutoCloseable {
    /** The first digit of the status. */
    private static final int SUCCESS = 2;

    private static final int LONGEST_REFUSAL = 4_000;

    private final URI uri;
    private final Duration quiet;
    private final HttpHeaders headers;
    private final InputStream body;
    private final RecordReader lines;
    private final ScheduledExecutorService watchdog;
    /** In the nanoseconds of {@link System#nanoTime}; while nobody reads, the stream cannot be quiet. */
    private volatile long waitingSince;

    private volatile boolean waiting;
    private volatile boolean closedAsQuiet;

    private HttpLines(URI uri, Duration quiet, HttpResponse<InputStream> response, int largest) {
        this.uri = uri;
        this.quiet = quiet;
        headers = response.headers();
        body = response.body();
        lines = RecordReader.ofLines(new LineFeeds(body), largest);
        watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watchdog-" + uri.getHost());
            thread.setDaemon(true);
            return thread;
        });
        long period = Math.max(1, quiet.toMillis() / 10);
        var unused = watchdog.scheduleWithFixedDelay(this::closeIfQuiet, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Sends a request, whose time-out is that for the answer's headers.
     *
     * @param quiet how long nothing may come
     * @param largest most bytes of a line that are kept
     * @throws LiveException if the server cannot be reached, or its answer is not one of success
     */
    static HttpLines connect(HttpClient client, HttpRequest request, Duration quiet, int largest)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, head -> new InterruptibleBody());
        } catch (IOException e) {
            throw HttpRefusals.unreachable(request.uri(), e);
        }
        HttpLines lines = new HttpLines(request.uri(), quiet, response, largest);
        if (response.statusCode() / 100 == SUCCESS) return lines;
        try (lines) {
            throw HttpRefusals.of(request.uri(), response, lines.beginning());
        }
    }

    /** What a refusal says. */
    private String beginning() {
        try {
            waitFor();
            return new String(body.readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The headers of the answer. */
    HttpHeaders headers() {
        return headers;
    }

    /**
     * The next line, without its end; empty lines are heartbeats.
     *
     * @throws LiveException if the stream has ended, or nothing came for too long
     */
    RawRecord next() throws LiveException, InterruptedException {
        return read(() -> lines.next()
                .orElseThrow(() -> new LiveException(Kind.DISCONNECTED, uri.getHost() + " ended the stream")));
    }

    /**
     * The whole body of an answer that ends, before any line was read.
     *
     * @param largest most bytes
     * @throws LiveException if it is larger, or takes too long
     */
    byte[] body(int largest) throws LiveException, InterruptedException {
        byte[] bytes = read(() -> body.readNBytes(largest + 1));
        if (closedAsQuiet) throw quiet();
        if (bytes.length <= largest) return bytes;
        throw new LiveException(Kind.REFUSED, uri.getHost() + " answers with more than " + largest + " bytes");
    }

    private interface Read<T> {
        T now() throws IOException;
    }

    private <T> T read(Read<T> read) throws LiveException, InterruptedException {
        try {
            waitFor();
            return read.now();
        } catch (LiveException e) {
            if (Thread.interrupted()) throw new InterruptedException();
            throw closedAsQuiet ? quiet() : e;
        } catch (IOException e) {
            if (Thread.interrupted()) throw new InterruptedException();
            throw closedAsQuiet
                    ? quiet()
                    : new LiveException(Kind.DISCONNECTED, "the connection to " + uri.getHost() + " broke", e);
        } finally {
            waiting = false;
        }
    }

    private void waitFor() {
        waitingSince = System.nanoTime();
        waiting = true;
    }

    private LiveException quiet() {
        return new LiveException(Kind.QUIET, "nothing came for " + quiet.toSeconds() + " s");
    }

    private void closeIfQuiet() {
        if (!waiting || System.nanoTime() - waitingSince < quiet.toNanos()) return;
        closedAsQuiet = true;
        close();
    }

    @Override
    public void close() {
        watchdog.shutdown();
        try {
            body.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }
}
