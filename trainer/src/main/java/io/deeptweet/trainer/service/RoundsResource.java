// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.round.RoundListing;
import io.deeptweet.trainer.round.RoundTrigger;
import io.deeptweet.trainer.round.Rounds;
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
import org.apache.kafka.common.KafkaException;

/** {@code GET /rounds}: the fine-tuning rounds, in their order; {@code POST /rounds}: one now. */
@Path("/rounds")
@Produces(MediaType.APPLICATION_JSON)
public class RoundsResource {
    private static final int LONGEST_REASON = 200;

    private final TrainerService service;

    @Inject
    RoundsResource(TrainerService service) {
        this.service = service;
    }

    /** What became of a request, in a sentence. */
    public record Said(String says) {}

    /** A round with its candidate's report, a JSON object; null if it made none. */
    public record WithReport(
            RoundListing round, @JsonRawValue String report) {}

    @GET
    public Response rounds() {
        return answer(rounds ->
                Response.ok(rounds.read().stream().map(RoundListing::of).toList()));
    }

    @GET
    @Path("/{number}")
    public Response round(@PathParam("number") String number) {
        return answer(rounds -> {
            Optional<TrainingRound> found = rounds.read().stream()
                    .filter(round -> Integer.toString(round.getNumber()).equals(number))
                    .findFirst();
            return found.map(round -> Response.ok(new WithReport(
                            RoundListing.of(round), round.getReport().orElse("null"))))
                    .orElseGet(() -> Response.status(404).entity(new Said("there is no such round")));
        });
    }

    /** 202 if it starts, 409 if it can't. */
    @POST
    public Response ask(@QueryParam("because") Optional<String> because) {
        String reason = because.map(text -> RoundTrigger.oneLine(text).strip())
                .filter(text -> !text.isEmpty())
                .map(text -> "asked for: " + text.substring(0, Math.min(LONGEST_REASON, text.length())))
                .orElse("asked for by POST /rounds");
        return answer(rounds -> switch (rounds.ask(reason)) {
            case STARTING -> Response.status(202).entity(new Said("a round starts"));
            case RUNS_ALREADY -> Response.status(409).entity(new Said("a round runs already: wait for it to end"));
            case NO_LABELS ->
                Response.status(409).entity(new Said("there is no new label that a round could learn from"));
            case NOT_WORKING -> Response.status(409).entity(new Said("this trainer does not work now, see /status"));
        });
    }

    private interface Request {
        Response.ResponseBuilder of(Rounds rounds);
    }

    private Response answer(Request request) {
        try {
            return service.rounds()
                    .map(request::of)
                    .orElseGet(() -> Response.status(503).entity(new Said("the trainer is starting")))
                    .build();
        } catch (KafkaException e) {
            return Response.status(503).entity(new Said(e.getMessage())).build();
        }
    }
}
