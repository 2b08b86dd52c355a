// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The trainer's endpoints that the dashboard uses, under {@code /trainer}: a page may ask its own origin only. The
 * trainer checks credentials and parameters once more.
 */
@Path("/trainer")
@Produces(MediaType.APPLICATION_JSON)
public class TrainerResource {
    private static final RequestLimit LIMIT = new RequestLimit(8);

    private final ClassifierSettings settings;
    private final OtherServices services;

    @Inject
    TrainerResource(ClassifierSettings settings, OtherServices services) {
        this.settings = settings;
        this.services = services;
    }

    @GET
    @Path("/{page:models|rounds|status}")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response read(
            @PathParam("page") String page, @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/" + page, Optional.empty(), authorization);
    }

    @GET
    @Path("/labels/{kind:wanted|disagreements}")
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response candidates(
            @PathParam("kind") String kind,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("feed") Optional<String> feed,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        String path = "/labels/" + kind + "?limit=" + encoded(limit.orElse("20"))
                + feed.map(name -> "&feed=" + encoded(name)).orElse("");
        return forward(path, Optional.empty(), authorization);
    }

    @GET
    @Path("/rounds/{number:\\d+}")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response round(
            @PathParam("number") String number,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/rounds/" + number, Optional.empty(), authorization);
    }

    @GET
    @Path("/models/report")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response report(
            @QueryParam("version") Optional<String> version,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/models/report?version=" + encoded(version.orElse("")), Optional.empty(), authorization);
    }

    @GET
    @Path("/audit")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response audit(
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("before") Optional<String> before,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        String path = "/audit?limit=" + encoded(limit.orElse("50"))
                + before.map(position -> "&before=" + encoded(position)).orElse("");
        return forward(path, Optional.empty(), authorization);
    }

    @POST
    @Path("/models/{change:activate|rollback|promote}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.OPERATOR)
    public Response change(
            @PathParam("change") String change,
            String body,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/models/" + change, Optional.of(body), authorization);
    }

    @POST
    @Path("/labels")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.LABELER, Roles.OPERATOR})
    public Response label(String body, @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/labels", Optional.of(body), authorization);
    }

    @POST
    @Path("/rounds")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.OPERATOR)
    public Response startRound(@HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return forward("/rounds?because=" + encoded("the dashboard"), Optional.of("{}"), authorization);
    }

    private Response forward(String path, Optional<String> body, Optional<String> authorization) {
        if (settings.trainer().isEmpty())
            return Answers.refused(404, "this classifier does not know a trainer: set deeptweet.trainer");
        return QueryAnswers.of(LIMIT, () -> services.forward(settings.trainer().get(), path, body, authorization));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
