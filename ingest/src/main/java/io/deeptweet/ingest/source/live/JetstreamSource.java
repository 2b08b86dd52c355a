// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.shape.BlueskyPost;
import io.deeptweet.ingest.shape.BlueskyShape;
import io.deeptweet.ingest.shape.JetstreamEvent;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.live.WebSocketFrames.Frame;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.retry.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Follows the posts of Bluesky's Jetstream, version 1 ({@code /subscribe}) or 2 ({@code subscribeEvents}). A post's id
 * is its address, {@code at://did/collection/rkey}; its author is a DID; its language is the first that it names,
 * unless a detection contradicts.
 *
 * <p>A connection that breaks, or brings nothing for a while, is replaced, at the next server. The same server
 * continues at the cursor of the last committed posts. Cursors of another one differ: it starts {@link #REWIND}
 * earlier, and posts that came already are dropped. What has been lost nevertheless is counted and logged.
 *
 * @see <a href="https://github.com/bluesky-social/jetstream">Jetstream</a>
 */
public final class JetstreamSource implements TweetSource {
    /** How far the clocks and delays of two servers may differ. */
    static final Duration REWIND = Duration.ofSeconds(10);

    /** Longer than posts of the whole network ever pause. */
    private static final Duration GAP = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(JetstreamSource.class);

    /**
     * What the operator chooses.
     *
     * @param servers addresses, tried in turn; at least one
     * @param dictionary zstd dictionary of version 1, to receive compressed messages; empty to receive plain text
     * @param quiet how long nothing may come before the connection is replaced
     * @param clockDifference how much a post's own time may differ from the server's, which is used otherwise
     * @param largestMessage most bytes of a message
     */
    public record Options(
            List<URI> servers,
            Optional<byte[]> dictionary,
            Duration quiet,
            Duration clockDifference,
            int largestMessage) {
        public Options {
            servers = List.copyOf(servers);
        }
    }

    private final String name;
    private final Options options;
    private final LanguageDetector languages;
    private final Clock clock;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param name the source's name in the settings */
    public JetstreamSource(String name, Options options, LanguageDetector languages, Clock clock) {
        this.name = name;
        this.options = options;
        this.languages = languages;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return "Jetstream at "
                + String.join(", ", options.servers().stream().map(URI::getHost).toList());
    }

    @Override
    public String describe(String position) {
        return JetstreamPosition.parse(position)
                .map(reached -> reached.time()
                        .map(time -> "the posts up to " + time)
                        .orElse("the posts up to number " + reached.newest()))
                .orElse("nothing");
    }

    @Override
    public void run(SourceOutput output, String position) throws IOException, InterruptedException {
        try (Stream stream = new Stream(output, JetstreamPosition.parse(position))) {
            follow(stream, new Retries(name, output.monitor(), new Backoff(), clock));
        }
    }

    private void follow(Stream stream, Retries retries) throws IOException, InterruptedException {
        int server = stream.position
                .map(reached -> options.servers().stream()
                        .map(URI::getAuthority)
                        .toList()
                        .indexOf(reached.server()))
                .filter(index -> index >= 0)
                .orElse(0);
        for (; ; server = (server + 1) % options.servers().size()) {
            URI address = options.servers().get(server);
            try {
                stream.follow(address, retries);
            } catch (LiveException e) {
                retries.failed(e);
            }
        }
    }

    /** What is kept from one connection to the next. */
    private final class Stream implements AutoCloseable {
        private final SourceOutput output;
        private final SourceMonitor monitor;
        private final RecentKeys recent = new RecentKeys();
        private final Optional<Decompressor> decompressor = options.dictionary().map(Decompressor::new);
        private Optional<JetstreamPosition> position;

        Stream(SourceOutput output, Optional<JetstreamPosition> position) {
            this.output = output;
            this.monitor = output.monitor();
            this.position = position;
            position.ifPresent(reached -> reached.seen().forEach(post -> recent.add(post.hash())));
        }

        @Override
        public void close() {
            decompressor.ifPresent(Decompressor::close);
        }

        /** Never returns; the connection ends by an exception. */
        void follow(URI address, Retries retries) throws IOException, InterruptedException {
            JetstreamRequest request = JetstreamRequest.of(address, position, decompressor.isPresent());
            try (WebSocketFrames frames =
                    WebSocketFrames.connect(client, request.uri(), request.subprotocol(), options.largestMessage())) {
                LOG.infof("source %s follows %s", name, address.getAuthority());
                boolean first = true;
                while (true) {
                    Frame frame = frames.next(options.quiet())
                            .orElseThrow(() -> new LiveException(
                                    Kind.QUIET,
                                    "nothing came for " + options.quiet().toSeconds() + " s"));
                    if (first) {
                        retries.succeeded();
                    }
                    take(frame, address.getAuthority(), first);
                    first = false;
                }
            }
        }

        private void take(Frame frame, String server, boolean first) throws IOException {
            byte[] bytes = frame.bytes();
            String origin = name + "@" + server;
            try {
                if (frame.tooLarge())
                    throw new InvalidTweetException(
                            Reason.TOO_LARGE, "the message has more than " + options.largestMessage() + " bytes");
                if (frame.binary()) bytes = decompressed(bytes);
                JsonNode json = RecordJson.object(bytes);
                Optional<String> end = JetstreamEvent.end(json);
                if (end.isPresent())
                    throw new LiveException(
                            Kind.DISCONNECTED, "the server ends the stream: " + UntrustedText.quoted(end.get()));
                JetstreamEvent event = JetstreamEvent.of(json);
                // Every later stream would start there.
                if (event.time().isAfter(clock.instant().plus(TweetLimits.LARGEST_CLOCK_LEAD)))
                    throw new InvalidTweetException(Reason.INVALID_FIELD, "its time is in the future: " + event.time());
                if (first) checkGap(event, server);
                take(event, bytes, server);
            } catch (InvalidTweetException e) {
                monitor.event("invalid");
                output.write(new ParsedTweet.Invalid(e.reason(), e.getMessage()), bytes, origin, reached());
            }
        }

        private byte[] decompressed(byte[] bytes) throws InvalidTweetException {
            if (decompressor.isEmpty())
                throw new InvalidTweetException(Reason.MALFORMED, "a binary message, although none was asked for");
            return decompressor.get().decompress(bytes, options.largestMessage());
        }

        /** A server that no longer has the events after a cursor does not say so. */
        private void checkGap(JetstreamEvent event, String server) {
            Optional<Instant> since =
                    position.filter(reached -> reached.server().equals(server)).flatMap(JetstreamPosition::time);
            since.map(start -> Duration.between(start, event.time()))
                    .filter(gap -> gap.compareTo(GAP) > 0)
                    .ifPresent(gap -> {
                        monitor.event("gap");
                        LOG.warnf(
                                "source %s: %s goes on %d s after the last post; the posts between are lost",
                                name, server, gap.toSeconds());
                    });
        }

        private void take(JetstreamEvent event, byte[] bytes, String server) throws InvalidTweetException {
            monitor.event(event.kind().name().toLowerCase(Locale.ROOT));
            monitor.behind(Duration.between(event.time(), clock.instant()));
            if (event.kind() == JetstreamEvent.Kind.DELETE)
                output.write(ParsedTweet.Skipped.ofDeletion(event.uri()), bytes, event.uri(), reached());
            if (event.kind() != JetstreamEvent.Kind.POST) return;
            boolean sameServer =
                    position.filter(reached -> reached.server().equals(server)).isPresent();
            if (!recent.add(JetstreamPosition.hash(event))) {
                monitor.event("repeated");
                return;
            }
            position = Optional.of(sameServer ? position.get().after(event) : JetstreamPosition.first(server, event));
            if (BlueskyPost.isWithoutText(event.record())) {
                monitor.event("without_text"); // only pictures, for example
                return;
            }
            ParsedTweet parsed = new TweetParser(output.name(), languages, clock)
                    .parse(BlueskyPost.fields(
                            Optional.of(event.uri()),
                            Optional.of(event.author()),
                            event.record(),
                            Optional.of(created(event).toString())));
            output.write(parsed, bytes, event.uri(), reached());
        }

        /** The client of the author claims it. */
        private Instant created(JetstreamEvent event) {
            Optional<Instant> claimed = BlueskyShape.created(event, options.clockDifference());
            if (claimed.isEmpty()) monitor.event("wrong_time");
            return claimed.orElse(event.time());
        }

        /** Not to be asked later, when it may be beyond a record that is not written yet. */
        private Supplier<String> reached() {
            Optional<JetstreamPosition> now = position;
            return () -> now.map(JetstreamPosition::toString).orElse("");
        }
    }
}
