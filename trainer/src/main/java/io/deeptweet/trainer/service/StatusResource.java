// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.http.Answers;
import io.deeptweet.service.security.Roles;
import io.deeptweet.trainer.round.RoundListing;
import io.deeptweet.trainer.round.RoundStatus;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** {@code GET /status}: what this trainer does now. */
@Path("/status")
@Produces(MediaType.APPLICATION_JSON)
public class StatusResource {
    private final TrainerService service;

    @Inject
    StatusResource(TrainerService service) {
        this.service = service;
    }

    /**
     * What this trainer does now.
     *
     * @param newLabels number of labels that no round has consumed
     * @param roundAfterLabels how many of these start a round
     * @param roundAfter how long after the first of fewer a round starts, in ISO 8601
     * @param earlierLabels number of earlier labels that are kept in memory
     * @param round number of the running round; 0 if none runs
     * @param step progress of the running round, in words
     * @param fault why it cannot work now; empty if it can
     * @param lastRound the last committed round; empty if there is none
     */
    public record Status(
            RoundStatus.State state,
            int newLabels,
            int roundAfterLabels,
            String roundAfter,
            int earlierLabels,
            int round,
            String step,
            String fault,
            Optional<RoundListing> lastRound) {
        private static Status of(StartedTrainer trainer) {
            RoundStatus now = trainer.rounds().status();
            return new Status(
                    now.state(),
                    now.newLabels(),
                    trainer.settings().round().labels(),
                    trainer.settings().round().patience().toString(),
                    now.earlierLabels(),
                    now.round(),
                    now.step(),
                    now.fault().orElse(""),
                    trainer.rounds().lastRound().map(RoundListing::of));
        }
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response status() {
        return service.started()
                .map(trainer -> Response.ok(Status.of(trainer)).build())
                .orElseGet(() -> Answers.unavailable("the trainer is starting"));
    }
}
