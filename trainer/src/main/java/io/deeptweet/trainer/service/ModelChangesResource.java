// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.http.TextFields;
import io.deeptweet.service.security.Roles;
import io.deeptweet.service.security.SecurityMode;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Expectation;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import io.deeptweet.trainer.publish.ModelTopic.UnsignedChangeException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Changes which published model is active, as the commands {@code activate}, {@code rollback} and {@code promote} do.
 * The body is a JSON object with {@code version}, {@code expected} (the version that the client takes for the active
 * one) and {@code reason}. The answer follows once the change is committed; its status is 200, or
 *
 * <ul>
 *   <li>400 if the body is wrong, 413 if it is too large,
 *   <li>409 if the change cannot be made: the error says why, and nothing was changed,
 *   <li>503 if Kafka did not answer in time: {@code GET /models} tells what is active.
 * </ul>
 */
@Path("/models")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.OPERATOR)
public class ModelChangesResource {
    private static final Logger LOG = Logger.getLogger(ModelChangesResource.class);
    private static final List<String> FIELDS = List.of("version", "expected", "reason");
    private static final RequestLimit LIMIT = new RequestLimit(4);

    private final TrainerService service;
    private final SecurityIdentity identity;

    @Inject
    ModelChangesResource(TrainerService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    /**
     * The answer to a change.
     *
     * @param version the version that is active now
     * @param from the version that was active before; empty if there was none
     */
    public record Changed(String version, String from) {}

    private interface Change {
        Publication make(ModelTopic models, Expectation expected, ChangeOrigin origin) throws InvalidModelException;
    }

    /** Activates {@code version}, which is required. */
    @POST
    @Path("/activate")
    @RolesAllowed(Roles.OPERATOR)
    public Response activate(byte[] body) {
        return answer(body, fields -> {
            String version = fields.get("version")
                    .orElseThrow(
                            () -> new IllegalArgumentException("version is missing: use one that GET /models lists"));
            return (models, expected, origin) -> models.activate(version, expected, origin);
        });
    }

    /** Activates the version before; {@code version}, if it is there, must be that one. */
    @POST
    @Path("/rollback")
    @RolesAllowed(Roles.OPERATOR)
    public Response rollBack(byte[] body) {
        return answer(body, fields -> ModelTopic::rollBack);
    }

    /** Activates the shadow; {@code version}, if it is there, must be that one. */
    @POST
    @Path("/promote")
    @RolesAllowed(Roles.OPERATOR)
    public Response promote(byte[] body) {
        return answer(body, fields -> ModelTopic::promote);
    }

    private Response answer(byte[] body, Function<TextFields, Change> changeOf) {
        if (body.length > TextFields.MOST_BYTES)
            return Answers.refused(
                    413, "the request has " + body.length + " bytes, more than " + TextFields.MOST_BYTES);
        TextFields fields;
        Change change;
        try {
            fields = TextFields.of(body, FIELDS);
            requireShort(fields.get("reason").orElse(""));
            change = changeOf.apply(fields);
        } catch (IllegalArgumentException e) {
            return Answers.refused(400, e.getMessage());
        }
        Optional<StartedTrainer> trainer = service.started();
        if (trainer.isEmpty()) return Answers.unavailable("the trainer is starting");
        ChangeOrigin origin = ChangeOrigin.http(
                SecurityMode.user(identity), fields.get("reason").orElse(""));
        Expectation expected = new Expectation(fields.get("expected"), fields.get("version"));
        return LIMIT.answer(() -> answer(trainer.get().models(), change, expected, origin));
    }

    private static void requireShort(String reason) {
        if (reason.length() > ChangeOrigin.LONGEST_REASON)
            throw new IllegalArgumentException(
                    "reason has " + reason.length() + " characters, more than " + ChangeOrigin.LONGEST_REASON);
    }

    private static Response answer(ModelTopic models, Change change, Expectation expected, ChangeOrigin origin) {
        try {
            Publication done = change.make(models, expected, origin);
            String version = UntrustedText.oneLine(done.version());
            if (done.records() == 0)
                return Answers.refused(409, "model " + version + " is active already: nothing was changed");
            LOG.infof(
                    "model %s is active instead of %s, by %s",
                    version, UntrustedText.oneLine(done.from().orElse("none")), origin.actor());
            return Response.ok(new Changed(done.version(), done.from().orElse("")))
                    .build();
        } catch (InvalidModelException | UnsignedChangeException e) {
            return Answers.refused(409, UntrustedText.oneLine(e.getMessage()));
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        }
    }
}
