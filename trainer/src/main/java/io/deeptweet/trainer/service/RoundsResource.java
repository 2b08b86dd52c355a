// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.security.Roles;
import io.deeptweet.trainer.round.RoundListing;
import io.deeptweet.trainer.round.RoundRunner;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/** {@code GET /rounds}: all rounds, by number. {@code POST /rounds}: starts one now. */
@Path("/rounds")
@Produces(MediaType.APPLICATION_JSON)
public class RoundsResource {
    private static final int LONGEST_REASON = 200;

    private final TrainerService service;

    @Inject
    RoundsResource(TrainerService service) {
        this.service = service;
    }

    /** The answer to a request for a round that starts, in a sentence. */
    public record Message(String says) {}

    /**
     * A round with its candidate's evaluation.
     *
     * @param report a JSON object; null if the round made no candidate
     */
    public record RoundWithReport(
            RoundListing round, @JsonRawValue String report) {}

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response rounds() {
        return answer(rounds -> Response.ok(
                        rounds.rounds().stream().map(RoundListing::of).toList())
                .build());
    }

    @GET
    @Path("/{number}")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response round(@PathParam("number") String number) {
        return answer(rounds -> {
            Optional<TrainingRound> found = rounds.rounds().stream()
                    .filter(round -> Integer.toString(round.getNumber()).equals(number))
                    .findFirst();
            return found.map(round -> Response.ok(new RoundWithReport(
                                    RoundListing.of(round), round.getReport().orElse("null")))
                            .build())
                    .orElseGet(() -> Answers.refused(404, "there is no round of this number"));
        });
    }

    /** 202 if a round starts, 409 if none can start now. */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    public Response request(@QueryParam("because") Optional<String> because) {
        String reason = because.map(text -> UntrustedText.oneLine(text).strip())
                .filter(text -> !text.isEmpty())
                .map(text -> "requested: " + UntrustedText.shortened(text, LONGEST_REASON))
                .orElse("requested by POST /rounds");
        return answer(rounds -> switch (rounds.request(reason)) {
            case STARTING -> Response.accepted(new Message("a round starts")).build();
            case ALREADY_RUNNING -> Answers.refused(409, "a round is running: wait until it ends");
            case NO_LABELS -> Answers.refused(409, "there is no new label to train on");
            case NOT_READY -> Answers.refused(409, "this trainer cannot start a round now: see /status");
        });
    }

    private Response answer(Function<RoundRunner, Response> request) {
        try {
            return service.started()
                    .map(StartedTrainer::rounds)
                    .map(request)
                    .orElseGet(() -> Answers.unavailable("the trainer is starting"));
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        }
    }
}
