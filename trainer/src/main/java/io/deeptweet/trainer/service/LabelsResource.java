// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.MalformedBodyException;
import io.deeptweet.service.http.RejectedRecord;
import io.deeptweet.service.http.RequestRecords;
import io.deeptweet.service.security.Roles;
import io.deeptweet.service.security.SecurityMode;
import io.deeptweet.trainer.label.CheckedLabel;
import io.deeptweet.trainer.label.LabelParser;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.label.LabelSender;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * {@code POST /labels}: takes one label, a JSON array or JSON Lines, as {@link LabelParser} reads them.
 *
 * <p>Answers once Kafka has acknowledged all records: 200 if all are valid labels, 422 if some are not (those are on
 * {@code tweets.rejected} as they were sent, the others are published: do not send any again), 400 if the body cannot
 * be split into records, 413 if it is too large, 503 if Kafka did not acknowledge in time (send all again: a label that
 * is sent twice counts once).
 */
@Path("/labels")
@Produces(MediaType.APPLICATION_JSON)
public class LabelsResource {
    private static final Logger LOG = Logger.getLogger(LabelsResource.class);

    private final TrainerService service;
    private final SecurityIdentity identity;

    @Inject
    LabelsResource(TrainerService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    /**
     * The answer to a request.
     *
     * @param published number of valid labels, all of them published
     */
    public record PushResult(long published, List<RejectedRecord> rejected) {}

    @POST
    @RolesAllowed({Roles.LABELER, Roles.OPERATOR})
    @Consumes({MediaType.APPLICATION_JSON, RequestRecords.NDJSON, RequestRecords.JSONL})
    public Response push(@Context HttpHeaders headers, byte[] body) {
        Optional<StartedTrainer> trainer = service.started();
        if (trainer.isEmpty()) return Answers.unavailable("the trainer is starting");
        if (headers.getMediaType() == null) return Answers.mediaTypeMissing();
        List<byte[]> records;
        try {
            records = RequestRecords.split(headers.getMediaType(), body);
        } catch (MalformedBodyException e) {
            return Answers.refused(400, "the request is " + e.getMessage());
        }
        if (records.isEmpty()) return Answers.refused(400, "the request holds no label");
        TrainerSettings.Labels settings = trainer.get().settings().labels();
        if (records.size() > settings.largestBatch())
            return Answers.tooManyRecords(records.size(), settings.largestBatch());

        List<RejectedRecord> rejected = new ArrayList<>();
        CompletableFuture<Void> acknowledged =
                publish(records, sender(), trainer.get().publisher(), rejected);
        return await(acknowledged, settings.timeoutSeconds())
                .orElseGet(
                        () -> Answers.processed(new PushResult(records.size() - rejected.size(), rejected), rejected));
    }

    private LabelSender sender() {
        return SecurityMode.user(identity).map(LabelSender::user).orElse(LabelSender.UNKNOWN);
    }

    /**
     * Sends the records to where they belong.
     *
     * @param rejected gets those that are not valid labels
     * @return completes when Kafka has acknowledged all
     */
    private static CompletableFuture<Void> publish(
            List<byte[]> records, LabelSender sender, LabelPublisher publisher, List<RejectedRecord> rejected) {
        Instant now = Instant.now();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            CheckedLabel checked = LabelParser.parse(records.get(i), sender, now);
            if (checked instanceof CheckedLabel.Valid valid) sent.add(publisher.publish(valid.tweet()));
            if (checked instanceof CheckedLabel.Invalid invalid) {
                rejected.add(new RejectedRecord(i, invalid.reason(), invalid.detail()));
                sent.add(publisher.reject(
                        records.get(i),
                        new Rejection("trainer", invalid.reason(), invalid.detail(), "POST /labels#" + i)));
            }
            if (sent.get(i).isCompletedExceptionally()) break; // the others would only wait as long, and fail as well
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
    }

    /** Waits for Kafka; the answer if it fails. */
    private static Optional<Response> await(CompletableFuture<Void> acknowledged, int timeoutSeconds) {
        try {
            acknowledged.get(timeoutSeconds, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.of(Answers.unavailable("Kafka did not acknowledge within " + timeoutSeconds + " s"));
        } catch (ExecutionException e) {
            LOG.errorf("Kafka did not take labels: %s", e.getCause().getMessage());
            return Optional.of(Answers.unavailable("Kafka did not take the labels"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Answers.unavailable("the trainer is stopping"));
        }
    }
}
