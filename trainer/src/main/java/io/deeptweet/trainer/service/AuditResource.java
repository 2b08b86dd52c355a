// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import io.deeptweet.trainer.audit.AuditTopic;
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
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;

/** {@code GET /audit}: who changed which model scores, and why, the newest first. */
@Path("/audit")
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {
    private static final RequestLimit LIMIT = new RequestLimit(4);
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final TrainerService service;

    @Inject
    AuditResource(TrainerService service) {
        this.service = service;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response page(
            @QueryParam("limit") @DefaultValue("50") String limit, @QueryParam("before") Optional<String> before) {
        if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > AuditTopic.LARGEST_PAGE)
            return Answers.refused(400, "limit must be 1 to " + AuditTopic.LARGEST_PAGE);
        if (before.filter(position -> !position.matches("\\d{1,18}")).isPresent())
            return Answers.refused(400, "before must be next of the page before");
        Optional<StartedTrainer> trainer = service.started();
        if (trainer.isEmpty()) return Answers.unavailable("the trainer is starting");
        OptionalLong from = before.map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty());
        return LIMIT.answer(() -> page(trainer.get().audit(), from, Integer.parseInt(limit)));
    }

    private static Response page(AuditTopic audit, OptionalLong before, int most) {
        try {
            return Response.ok(UntrustedText.jsonForHtml(JSON.writeValueAsString(audit.page(before, most))))
                    .build();
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a list of text and numbers is always JSON", e);
        }
    }
}
