// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.ingest.tweet.Utf8;
import io.deeptweet.schemas.reject.Rejection.Reason;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes pushed tweets: one, a JSON array, or JSON Lines, in the X API v2's shape. Answers once Kafka has acknowledged
 * all of them, with what became of each: 200 if all are tweets, 422 if some are not (those are on
 * {@code tweets.rejected}, the others are taken: send none again), 400 if the request is not what it says it is, 413 if
 * it is too large, 503 if Kafka did not acknowledge in time (send it again; what was acknowledged comes twice).
 */
@Path("/tweets")
public class TweetsResource {
    private static final Logger LOG = Logger.getLogger(TweetsResource.class);
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSONL = "application/jsonl";
    /** UTF-8 and nothing else: RFC 8259, section 8.1. */
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

    private static final int RETRY_AFTER_SECONDS = 5;
    /** Requests that may wait until Kafka has room for their tweets; each holds its body in memory. */
    private static final int MOST_WAITING = 64;

    private final IngestService service;
    private final Feeds feeds;
    private final ExecutorService takers =
            new ThreadPoolExecutor(0, MOST_WAITING, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "push");
                thread.setDaemon(true);
                return thread;
            });

    @Inject
    TweetsResource(IngestService service, Feeds feeds) {
        this.service = service;
        this.feeds = feeds;
    }

    /**
     * A record that is no tweet.
     *
     * @param index its place in the request, from 0
     * @param reason code of {@link Reason}
     */
    public record Bad(int index, String reason, String detail) {}

    /** What became of a request's records. */
    public record Answer(String feed, long published, long filtered, List<Bad> rejected) {}

    /** Why a request was not taken at all. */
    public record Refusal(String error) {}

    /** Answers in time, whatever the threads that bring the tweets to Kafka are waiting for. */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, NDJSON, JSONL})
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> push(
            @QueryParam("feed") Optional<String> feed, @Context HttpHeaders headers, byte[] body) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Optional<IngestService.Started> started = service.started();
        if (started.isEmpty()) {
            answer.complete(unavailable("ingest is starting"));
        } else if (headers.getMediaType() == null) {
            answer.complete(refuse(
                    415,
                    "say by Content-Type what the request holds: " + MediaType.APPLICATION_JSON + " or " + NDJSON));
        } else {
            Settings.Push push = started.get().settings().push();
            boolean lines = !headers.getMediaType().isCompatible(MediaType.APPLICATION_JSON_TYPE);
            answer.completeOnTimeout(
                    unavailable(
                            "Kafka did not acknowledge within " + push.timeout().toSeconds() + " s"),
                    push.timeout().toSeconds(),
                    TimeUnit.SECONDS);
            try {
                takers.execute(() -> {
                    try {
                        take(
                                feed.orElse(push.defaultFeed()),
                                lines,
                                body,
                                push,
                                started.get().publisher(),
                                answer);
                    } catch (RuntimeException e) { // such as an interrupt, at the stop
                        answer.completeExceptionally(e);
                    }
                });
            } catch (RejectedExecutionException e) {
                answer.complete(unavailable("too many requests wait for Kafka"));
            }
        }
        return answer;
    }

    private void take(
            String feed,
            boolean lines,
            byte[] body,
            Settings.Push push,
            TweetPublisher publisher,
            CompletableFuture<Response> answer) {
        if (!Feed.isName(feed)) {
            answer.complete(
                    refuse(
                            400,
                            "feed must be 1 to 64 lower-case letters, digits, '.', '_' and '-', and start with a letter or digit"));
            return;
        }
        Optional<List<byte[]>> separate = lines ? Optional.of(lines(body)) : elements(body);
        List<byte[]> records =
                separate.orElse(List.of(body)); // where one cannot be told from another the whole is refused, and kept
        if (records.isEmpty()) {
            answer.complete(refuse(400, "the request holds no tweet"));
            return;
        }
        if (records.size() > push.largestBatch()) {
            answer.complete(
                    refuse(413, "the request holds " + records.size() + " records, more than " + push.largestBatch()));
            return;
        }
        Optional<FeedIntake> intake = feeds.pushed(feed, push.languages(), publisher);
        if (intake.isEmpty()) {
            answer.complete(refuse(400, "there are too many feeds already: use one of them"));
            return;
        }

        TweetParser parser = new TweetParser(feed, false, Clock.systemUTC());
        List<Bad> bad = new ArrayList<>();
        List<CompletableFuture<FeedIntake.Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < records.size() && !answer.isDone(); i++) {
            ParsedTweet parsed = parser.parse(records.get(i), Optional.empty());
            if (parsed instanceof ParsedTweet.Refused refused)
                bad.add(new Bad(i, refused.reason().code(), refused.detail()));
            outcomes.add(intake.get().take(parsed, records.get(i), "POST /tweets#" + i));
            if (outcomes.get(i).isCompletedExceptionally()) break; // those that follow would only wait to fail likewise
        }
        CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
            if (failure == null) {
                answer.complete(answer(feed, outcomes, bad, separate.isPresent()));
            } else if (answer.complete(unavailable("Kafka did not take the tweets"))) {
                LOG.errorf(
                        "Kafka did not take pushed tweets: %s",
                        Optional.ofNullable(failure.getCause()).orElse(failure).getMessage());
            }
        });
    }

    private static Response answer(
            String feed, List<CompletableFuture<FeedIntake.Outcome>> outcomes, List<Bad> bad, boolean readable) {
        long published = outcomes.stream()
                .filter(outcome -> outcome.join() == FeedIntake.Outcome.PUBLISHED)
                .count();
        Answer answer = new Answer(feed, published, outcomes.size() - published - bad.size(), bad);
        return Response.status(bad.isEmpty() ? 200 : readable ? 422 : 400)
                .entity(answer)
                .build();
    }

    /** The elements of a JSON array byte for byte, or the body itself if it is no array; empty if it is not JSON. */
    private static Optional<List<byte[]>> elements(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            Utf8.decode(body); // else a part's place could not be trusted
            if (parser.nextToken() == null) return Optional.of(List.of());
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                return parser.nextToken() == null ? Optional.of(List.of(body)) : Optional.empty();
            }
            List<byte[]> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) return Optional.empty(); // the array does not end
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                elements.add(Arrays.copyOfRange(
                        body, from, (int) parser.currentLocation().getByteOffset()));
            }
            return parser.nextToken() == null ? Optional.of(elements) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        for (int from = 0, to; from < body.length; from = to + 1) {
            to = from;
            while (to < body.length && body[to] != '\n') to++;
            int end = to > from && body[to - 1] == '\r' ? to - 1 : to;
            if (!isBlank(body, from, end)) lines.add(Arrays.copyOfRange(body, from, end));
        }
        return lines;
    }

    private static boolean isBlank(byte[] body, int from, int end) {
        for (int i = from; i < end; i++) if (body[i] != ' ' && body[i] != '\t') return false;
        return true;
    }

    private static Response refuse(int status, String why) {
        return Response.status(status).entity(new Refusal(why)).build();
    }

    private static Response unavailable(String why) {
        return Response.status(503)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .entity(new Refusal(why))
                .build();
    }
}
