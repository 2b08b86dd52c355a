// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.push.BatchPublisher;
import io.deeptweet.ingest.service.IngestService;
import io.deeptweet.ingest.service.StartedIngest;
import io.deeptweet.ingest.shape.JsonFormat;
import io.deeptweet.ingest.shape.RecordFormat;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.shape.RecordParser.ParsedRecord;
import io.deeptweet.ingest.shape.Shape;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.MalformedBodyException;
import io.deeptweet.service.http.RequestRecords;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
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
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Publishes pushed tweets: JSON of any {@link Shape}, alone, in an array or in lines, or a table. The answer follows
 * once Kafka has acknowledged all records. Its status is
 *
 * <ul>
 *   <li>200 if all records are valid tweets,
 *   <li>422 if some are not: these are on {@code tweets.rejected}, the others are published, and none is to be sent
 *       again,
 *   <li>400 if the body is not of its media type, 413 if it is too large, 415 if its media type is missing or unknown,
 *   <li>503 if Kafka did not acknowledge in time: the request is to be sent again, and what had been acknowledged is
 *       then published twice.
 * </ul>
 */
@Path("/tweets")
public class TweetsResource {
    private static final Logger LOG = Logger.getLogger(TweetsResource.class);
    private static final String ORIGIN = "POST /tweets";

    private final IngestService service;
    private final PushThreads threads;

    @Inject
    TweetsResource(IngestService service, PushThreads threads) {
        this.service = service;
        this.threads = threads;
    }

    @POST
    @RolesAllowed({Roles.PUBLISHER, Roles.OPERATOR})
    @Consumes({
        MediaType.APPLICATION_JSON,
        RequestRecords.NDJSON,
        RequestRecords.JSONL,
        RequestBody.CSV,
        RequestBody.TSV,
        RequestBody.SCRIPT,
        RequestBody.OLD_SCRIPT
    })
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> push(
            @QueryParam("feed") Optional<String> feed, @Context HttpHeaders headers, byte[] body) {
        Optional<StartedIngest> started = service.started();
        if (started.isEmpty()) return answered(Answers.unavailable("ingest is starting"));
        MediaType type = headers.getMediaType();
        if (type == null) return answered(Answers.mediaTypeMissing());

        StartedIngest ingest = started.get();
        int timeoutSeconds = ingest.push().timeoutSeconds();
        String name = feed.orElse(ingest.push().defaultFeed());
        try {
            return threads.start(cancelled -> publish(ingest, name, type, body, cancelled))
                    .completeOnTimeout(
                            Answers.unavailable("Kafka did not acknowledge within " + timeoutSeconds + " s"),
                            timeoutSeconds,
                            TimeUnit.SECONDS)
                    .exceptionally(TweetsResource::failed);
        } catch (RejectedExecutionException e) {
            return answered(Answers.unavailable("too many requests wait for Kafka"));
        }
    }

    /** Publishes the records of a request. The response follows when Kafka has acknowledged them. */
    private CompletableFuture<Response> publish(
            StartedIngest ingest, String feed, MediaType type, byte[] body, BooleanSupplier cancelled) {
        if (!TweetLimits.isFeedName(feed))
            return answered(Answers.refused(
                    400, "the feed is " + UntrustedText.quoted(feed) + ": use " + TweetLimits.FEED_NAME_IN_WORDS));
        if (!ingest.push().accepts(feed))
            return answered(Answers.refused(
                    400,
                    "the feed is " + UntrustedText.quoted(feed)
                            + ": use one of those that deeptweet.push.feeds names"));
        ActiveFeed active = ingest.feeds().pushed(new Feed(feed, ingest.push().languages()));
        RequestBody content;
        try {
            content = RequestBody.of(type, body);
        } catch (MalformedBodyException e) {
            return publisher(ingest, active, new JsonFormat())
                    .reject(body, e.getMessage())
                    .thenApply(result -> malformed(PushAnswer.of(feed, result)));
        }
        if (content.records().isEmpty()) return answered(Answers.refused(400, "the request holds no tweet"));
        int records = content.records().size();
        if (records > ingest.push().largestBatch())
            return answered(Answers.tooManyRecords(records, ingest.push().largestBatch()));
        BatchPublisher publisher = publisher(ingest, active, content.format());
        List<ParsedRecord> parsed = threads.parse(() -> publisher.parse(content.records()));
        int parts = parsed.stream().mapToInt(record -> record.parts().size()).sum();
        if (parts > ingest.push().largestBatch())
            return answered(Answers.tooManyRecords(parts, ingest.push().largestBatch()));
        return publisher.publish(parsed, cancelled).thenApply(result -> processed(PushAnswer.of(feed, result)));
    }

    private static BatchPublisher publisher(StartedIngest ingest, ActiveFeed feed, RecordFormat format) {
        TweetParser tweets = new TweetParser(feed.name(), ingest.languages(), Clock.systemUTC());
        return new BatchPublisher(feed.sink(), new RecordParser(format, tweets), ORIGIN);
    }

    private static Response processed(PushAnswer answer) {
        return Answers.processed(answer, answer.rejected());
    }

    private static Response malformed(PushAnswer answer) {
        return Response.status(Response.Status.BAD_REQUEST).entity(answer).build();
    }

    private static Response failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof KafkaException)) throw new CompletionException(cause);
        LOG.errorf("Kafka did not acknowledge pushed tweets: %s", cause.getMessage());
        return Answers.unavailable("Kafka did not acknowledge the tweets");
    }

    private static CompletableFuture<Response> answered(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
