// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.shape.Part;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.live.PollingClient.Answer;
import io.deeptweet.ingest.source.live.PollingOptions.PagingKind;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Polls an API, and knows what has come. Not thread-safe. */
final class Poller {
    private static final Logger LOG = Logger.getLogger(Poller.class);

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    /** What servers answer to a cursor, an id or a page that they do not know any more. */
    private static final Set<Integer> FORGOTTEN = Set.of(400, 404, 410, 422);

    private static final int PATIENCE = 3;
    /** Pages that go back in time are kept until the last one has come. */
    private static final long MOST_BYTES = 32L << 20;

    private static final String TAG = "(?:W/)?\"[!#-~]{0,300}\"";
    private static final String DATE = "[ -~]{1,100}";

    /** @param json empty if the answer is empty, or not modified */
    private record Document(Answer answer, Optional<JsonNode> json) {
        boolean isUnchanged() {
            return answer.status() == NOT_MODIFIED;
        }
    }

    private final PollingOptions options;
    private final SourceOutput output;
    private final SourceMonitor monitor;
    private final Retries retries;
    private final Clock clock;
    private final PollingClient client;
    private final PollingPages pages;
    private final TweetParser parser;
    private final PollingPosition.Seen seen;
    private final PollingPosition.Seen invalidAnswers = new PollingPosition.Seen("");
    private PollingPosition position;
    /** The position of the last posts that were written. */
    private String written;

    private Optional<Instant> notBefore = Optional.empty();
    private boolean gapIsLogged;

    /**
     * @param parser of the posts
     * @param written the position to continue from; empty for the beginning
     */
    Poller(
            PollingOptions options,
            SourceOutput output,
            Retries retries,
            TweetParser parser,
            Clock clock,
            PollingClient client,
            String written) {
        this.options = options;
        this.output = output;
        this.monitor = output.monitor();
        this.retries = retries;
        this.clock = clock;
        this.written = written;
        this.client = client;
        pages = new PollingPages(options, client);
        this.parser = parser;
        String list = PollingPosition.key(options.address().toString());
        position = written.isEmpty()
                ? PollingPosition.none(list)
                : PollingPosition.parse(written).in(list);
        seen = new PollingPosition.Seen(position.seen());
    }

    /**
     * Asks for what is new, page by page. Faults are waited out. Pages forward in time are written one by one. Those
     * that go back in time are written together, because a process that is killed between them would take the older
     * ones for known.
     */
    void poll() throws InterruptedException {
        boolean knewAny = !seen.isEmpty();
        boolean back = options.paging().kind() == PagingKind.PAGE;
        PolledPosts posts = posts();
        Set<URI> asked = new HashSet<>();
        URI uri = pages.first(position);
        boolean cut = false;
        for (int page = 1; ; page++) {
            asked.add(uri);
            Optional<Document> found = fetch(uri, page);
            if (found.isEmpty()) {
                forget(page);
                break;
            }
            Document document = found.get();
            if (document.isUnchanged() && page == 1) { // a further page was not asked for on condition: it is empty
                monitor.event("not_modified");
                return;
            }
            List<Part> parts =
                    document.json().map(json -> options.items().parts(json)).orElse(List.of());
            posts.add(parts);
            advance(document, posts, page);
            if (!back) write(posts, false);
            Optional<URI> next = pages.next(document.answer(), document.json(), position, page);
            if (next.isEmpty() || asked.contains(next.get()) || parts.isEmpty() || (back && posts.lastIsKnown())) break;
            if (page == options.paging().mostPages() || posts.bytes() > MOST_BYTES) {
                cut = back;
                break;
            }
            uri = next.get();
            if (!back) posts = posts();
        }
        if (back) write(posts, true);
        boolean newest = back || options.paging().kind() == PagingKind.NONE;
        if (newest && knewAny && posts.size() > 0 && (cut || !posts.metKnown())) gap();
        else gapIsLogged = false;
    }

    private PolledPosts posts() {
        return new PolledPosts(
                parser, monitor, seen, output.name() + "@" + options.address().getHost());
    }

    private void advance(Document document, PolledPosts posts, int page) {
        switch (options.paging().kind()) {
            case CURSOR ->
                document.json().flatMap(pages::value).ifPresent(cursor -> position = position.withCursor(cursor));
            case SINCE_ID -> position = position.withNewest(posts.newestId(position.newest()));
            case NONE, PAGE -> {
                if (page == 1)
                    position = position.withVersion(
                            header(document, "etag", TAG), header(document, "last-modified", DATE));
            }
        }
    }

    private static String header(Document document, String name, String pattern) {
        return document.answer()
                .headers()
                .firstValue(name)
                .filter(value -> value.matches(pattern))
                .orElse("");
    }

    private void write(PolledPosts posts, boolean newestFirstIfUnknown) {
        if (posts.size() == 0) return;
        position = position.after(clock.instant(), seen);
        String reached = position.toString();
        output.write(posts.oldestFirst(newestFirstIfUnknown), () -> reached);
        written = reached;
        posts.newest().ifPresent(time -> monitor.behind(Duration.between(time, clock.instant())));
    }

    /** The document at an address; empty if the server does not know the cursor, the id or the page any more. */
    private Optional<Document> fetch(URI uri, int page) throws InterruptedException {
        boolean mayBeForgotten =
                page > 1 || !position.cursor().isEmpty() || !position.newest().isEmpty();
        int forgotten = 0;
        while (true) {
            try {
                checkLimit();
                Answer answer = client.get(uri, page == 1 ? conditions() : Map.of());
                if (mayBeForgotten && FORGOTTEN.contains(answer.status()) && ++forgotten == PATIENCE)
                    return Optional.empty();
                Document document = document(answer, page);
                retries.succeeded();
                notBefore = HttpRefusals.isExhausted(answer.headers())
                        ? HttpRefusals.notBefore(answer.headers(), clock.instant())
                        : Optional.empty();
                return Optional.of(document);
            } catch (LiveException e) {
                retries.failed(e);
            }
        }
    }

    private Map<String, String> conditions() {
        Map<String, String> conditions = new HashMap<>();
        if (!position.etag().isEmpty()) conditions.put("If-None-Match", position.etag());
        if (!position.modified().isEmpty()) conditions.put("If-Modified-Since", position.modified());
        return conditions;
    }

    private void checkLimit() throws LiveException {
        Optional<Instant> until = notBefore.filter(time -> time.isAfter(clock.instant()));
        notBefore = Optional.empty();
        if (until.isPresent())
            throw new LiveException(
                    Kind.RATE_LIMITED, options.address().getHost() + " accepts no more requests for now", until, null);
    }

    private Document document(Answer answer, int page) throws LiveException {
        boolean isAfterLast = page > 1 && options.paging().kind() == PagingKind.PAGE && answer.status() == NOT_FOUND;
        if (answer.status() == NOT_MODIFIED || answer.status() == NO_CONTENT || isAfterLast)
            return new Document(answer, Optional.empty());
        if (answer.status() != OK) throw HttpRefusals.of(answer.uri(), answer.response(), answer.beginning());
        try {
            String text = answer.text();
            return new Document(answer, text.isBlank() ? Optional.empty() : Optional.of(RecordJson.value(text)));
        } catch (CharacterCodingException e) {
            throw invalid(answer, new InvalidTweetException(Reason.MALFORMED, "not in the charset that it claims"));
        } catch (InvalidTweetException e) {
            throw invalid(answer, e);
        }
    }

    /** The answer is rejected once, however often it comes. */
    private LiveException invalid(Answer answer, InvalidTweetException fault) {
        String reached = written;
        PolledPosts rejected =
                new PolledPosts(parser, monitor, invalidAnswers, answer.uri().getHost());
        rejected.reject(new Part.Invalid(fault.reason(), "the answer is " + fault.getMessage(), answer::body));
        if (rejected.size() > 0) output.write(rejected.oldestFirst(false), () -> reached);
        return new LiveException(
                Kind.REFUSED,
                answer.uri().getHost() + " answers with something that is "
                        + UntrustedText.oneLine(fault.getMessage()));
    }

    private void forget(int page) {
        if (page == 1) position = position.in("").in(position.list());
        gap();
    }

    /** Some posts came and went between two polls, or cannot be asked for any more. */
    private void gap() {
        monitor.event("gap");
        if (!gapIsLogged)
            LOG.warnf(
                    "source %s: %s had more new posts than it gave; some may be lost: poll more often, or ask for more",
                    output.name(), options.address().getHost());
        gapIsLogged = true;
    }
}
