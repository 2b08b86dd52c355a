// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.control.DefinedFeed;
import io.deeptweet.ingest.control.FeedControl;
import io.deeptweet.ingest.control.FeedRefusedException;
import io.deeptweet.ingest.feed.FeedStatus;
import io.deeptweet.ingest.service.IngestService;
import io.deeptweet.ingest.service.IngestSettings;
import io.deeptweet.ingest.service.StartedIngest;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.TextFields;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/**
 * Shows the feeds of this instance, and changes those of live sources, for all instances. The answer to a change
 * follows once Kafka has acknowledged it, and this instance has applied it. Its status is
 *
 * <ul>
 *   <li>201 for a new feed, 204 for a removed one, 200 otherwise,
 *   <li>400 if the body or the name of a feed or source is wrong, 413 if the body is too large,
 *   <li>404 if there is no such feed,
 *   <li>409 if the settings define the feed, or there is another one of its name, or there are too many,
 *   <li>503 if Kafka did not acknowledge in time: the request is to be sent again.
 * </ul>
 */
@Path("/feeds")
public class FeedsResource {
    private final IngestService service;

    @Inject
    FeedsResource(IngestService service) {
        this.service = service;
    }

    /** All feeds, by name; none before the service has started. */
    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public List<FeedStatus> list() {
        return service.started().map(ingest -> ingest.feeds().statuses()).orElse(List.of());
    }

    /** Adds a feed. 200 if it is there already. */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response add(byte[] body) {
        return defined(body, Optional.empty(), FeedControl::add);
    }

    /** Replaces a feed that was added. */
    @PUT
    @Path("{feed}")
    @RolesAllowed(Roles.OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response replace(@PathParam("feed") String feed, byte[] body) {
        return defined(
                body,
                Optional.of(feed),
                (control, definition) ->
                        new FeedControl.Result(control.replace(definition).feed(), false));
    }

    @POST
    @Path("{feed}/pause")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_JSON)
    public Response pause(@PathParam("feed") String feed) {
        return answer(control -> ok(control.pause(feed, true).feed()));
    }

    @POST
    @Path("{feed}/resume")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_JSON)
    public Response resume(@PathParam("feed") String feed) {
        return answer(control -> ok(control.pause(feed, false).feed()));
    }

    @DELETE
    @Path("{feed}")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_JSON)
    public Response remove(@PathParam("feed") String feed) {
        return answer(control -> {
            control.remove(feed);
            return Response.noContent().build();
        });
    }

    private interface Action {
        Response run(FeedControl control) throws FeedRefusedException;
    }

    private interface Change {
        FeedControl.Result make(FeedControl control, DefinedFeed definition) throws FeedRefusedException;
    }

    private Response defined(byte[] body, Optional<String> name, Change change) {
        if (body.length > TextFields.MOST_BYTES)
            return Answers.refused(
                    413, "the request has " + body.length + " bytes, more than " + TextFields.MOST_BYTES);
        DefinedFeed definition;
        try {
            definition = FeedRequest.parse(body, name, IngestSettings.DEFAULT_LANGUAGES);
        } catch (IllegalArgumentException e) {
            return Answers.refused(400, e.getMessage());
        }
        return answer(control -> {
            FeedControl.Result result = change.make(control, definition);
            return Response.status(result.changed() ? 201 : 200)
                    .entity(result.feed())
                    .build();
        });
    }

    private Response answer(Action action) {
        Optional<StartedIngest> started = service.started();
        if (started.isEmpty()) return Answers.unavailable("ingest is starting");
        try {
            return action.run(started.get().control());
        } catch (FeedRefusedException e) {
            return switch (e.kind()) {
                case INVALID -> Answers.refused(400, e.getMessage());
                case UNKNOWN -> Answers.refused(404, e.getMessage());
                case CONFLICT -> Answers.refused(409, e.getMessage());
                case UNAVAILABLE -> Answers.unavailable(e.getMessage());
            };
        }
    }

    private static Response ok(FeedStatus feed) {
        return Response.ok(feed).build();
    }
}
