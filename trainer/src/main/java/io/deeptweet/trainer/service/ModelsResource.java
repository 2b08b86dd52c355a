// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import io.deeptweet.trainer.publish.ModelIndex;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/** {@code GET /models}: the published models, in order of publication; {@code GET /models/report}: one's report. */
@Path("/models")
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RequestLimit LIMIT = new RequestLimit(8);

    private final TrainerService service;

    @Inject
    ModelsResource(TrainerService service) {
        this.service = service;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response models() {
        return answer(index -> Response.ok(index.list()).build());
    }

    /** The version is a parameter because it may hold any character. */
    @GET
    @Path("/report")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response report(@QueryParam("version") @DefaultValue("") String version) {
        return answer(index -> index.report(version)
                .map(found -> Response.ok(json(found)).build())
                .orElseGet(() -> Answers.refused(404, "no such model is published")));
    }

    private static String json(Object found) {
        try {
            return UntrustedText.jsonForHtml(JSON.writeValueAsString(found));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what was read as JSON can be written", e);
        }
    }

    private Response answer(Function<ModelIndex, Response> request) {
        return LIMIT.answer(() -> started(request));
    }

    private Response started(Function<ModelIndex, Response> request) {
        Optional<StartedTrainer> trainer = service.started();
        if (trainer.isEmpty()) return Answers.unavailable("the trainer is starting");
        try {
            return request.apply(trainer.get().index());
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        }
    }
}
