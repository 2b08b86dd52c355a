// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.trainer.round.RoundListing;
import io.deeptweet.trainer.round.RoundTrigger;
import io.deeptweet.trainer.round.Rounds;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** What this trainer does just now, for people and scripts. */
@Path("/status")
public class StatusResource {
    private final TrainerService service;

    @Inject
    StatusResource(TrainerService service) {
        this.service = service;
    }

    /**
     * @param state of {@link Rounds.State}
     * @param newLabels labels that no round has consumed
     * @param roundAfterLabels how many of these start a round
     * @param roundAfter how long after the first of fewer one starts, as ISO 8601 writes it
     * @param earlierLabels earlier labels that are kept in memory
     * @param round the number of the round that runs; 0 if none does
     * @param step how far it is
     * @param fault what keeps it from working; empty if nothing does
     */
    public record Status(
            Rounds.State state,
            int newLabels,
            int roundAfterLabels,
            String roundAfter,
            int earlierLabels,
            int round,
            String step,
            String fault,
            Optional<RoundListing> lastRound) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response status() {
        Optional<Rounds> rounds = service.rounds();
        if (rounds.isEmpty())
            return Response.status(503)
                    .entity(new RoundsResource.Said("the trainer is starting"))
                    .build();
        Rounds.Status now = rounds.get().status();
        RoundTrigger trigger = service.settings().rounds().trigger();
        return Response.ok(new Status(
                        now.state(),
                        now.newLabels(),
                        trigger.labels(),
                        trigger.patience().toString(),
                        now.earlierLabels(),
                        now.round(),
                        now.step(),
                        now.fault().orElse(""),
                        rounds.get().lastRound().map(RoundListing::of)))
                .build();
    }
}
