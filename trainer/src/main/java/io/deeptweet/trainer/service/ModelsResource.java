// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** {@code GET /models}: the published models, in order of publication. */
@Path("/models")
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
    private static final RequestLimit LIMIT = new RequestLimit(8);

    private final TrainerService service;

    @Inject
    ModelsResource(TrainerService service) {
        this.service = service;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response models() {
        return LIMIT.answer(this::list);
    }

    private Response list() {
        Optional<StartedTrainer> trainer = service.started();
        if (trainer.isEmpty()) return Answers.unavailable("the trainer is starting");
        try {
            return Response.ok(trainer.get().index().list()).build();
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        }
    }
}
