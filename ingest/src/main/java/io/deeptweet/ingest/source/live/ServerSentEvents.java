// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.service.file.RawRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a stream of server-sent events. Their ids are not used.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class ServerSentEvents {
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /**
     * An event.
     *
     * @param name its type, {@code message} if it has none
     * @param data UTF-8 as it was received; the beginning if it is too large
     */
    record Event(String name, byte[] data, boolean tooLarge) {}

    private final HttpLines lines;
    private final int largest;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private String name = "";
    private boolean hasData;
    private boolean tooLarge;
    private boolean first = true;
    private Optional<Duration> retry = Optional.empty();

    /** @param largest most bytes of an event's data */
    ServerSentEvents(HttpLines lines, int largest) throws LiveException {
        this.lines = lines;
        this.largest = largest;
        String type = lines.headers().firstValue("content-type").orElse("");
        if (!type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length()))
            throw new LiveException(Kind.REFUSED, "the answer is not a stream of events");
    }

    /**
     * Reads a line. The event that it ends; empty if it ends none, such as a comment, which is a heartbeat.
     *
     * @throws LiveException if the stream has ended, or nothing came for too long
     */
    Optional<Event> next() throws LiveException, InterruptedException {
        RawRecord line = lines.next();
        byte[] bytes = line.bytes();
        if (first && bytes.length >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length))
            bytes = Arrays.copyOfRange(bytes, MARK.length, bytes.length);
        first = false;
        if (bytes.length == 0) return dispatch();
        take(bytes, line.isCut());
        return Optional.empty();
    }

    /** How long the server asks to wait before the next connection. */
    Optional<Duration> retry() {
        return retry;
    }

    private Optional<Event> dispatch() {
        Optional<Event> event = hasData
                ? Optional.of(new Event(name.isEmpty() ? "message" : name, data.toByteArray(), tooLarge))
                : Optional.empty();
        data.reset();
        name = "";
        hasData = false;
        tooLarge = false;
        return event;
    }

    private void take(byte[] line, boolean cut) {
        int colon = 0;
        while (colon < line.length && line[colon] != ':') colon++;
        int start = colon + 1 < line.length && line[colon + 1] == ' ' ? colon + 2 : colon + 1;
        int length = Math.max(0, line.length - start);
        switch (new String(line, 0, Math.min(colon, 8), StandardCharsets.UTF_8)) {
            case "data" -> {
                if (hasData) add(new byte[] {'\n'}, 0, 1);
                if (length > 0) add(line, start, length);
                hasData = true;
                tooLarge |= cut;
            }
            case "event" -> name = cut ? "" : text(line, start, length);
            case "retry" -> {
                String millis = cut ? "" : text(line, start, length);
                if (millis.matches("\\d{1,9}")) retry = Optional.of(Duration.ofMillis(Long.parseLong(millis)));
            }
            default -> {} // a comment, an id, or an unknown field
        }
    }

    private static String text(byte[] line, int start, int length) {
        return length == 0 ? "" : new String(line, start, length, StandardCharsets.UTF_8);
    }

    private void add(byte[] bytes, int start, int length) {
        int kept = Math.min(length, largest - data.size());
        data.write(bytes, start, kept);
        tooLarge |= kept < length;
    }
}
