// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.service.security.Roles;
import io.deeptweet.service.security.SecurityMode;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code GET /user}: who asks, and what the dashboard may offer. Each endpoint checks the roles once more. */
@Path("/user")
@Produces(MediaType.APPLICATION_JSON)
public class UserResource {
    private final SecurityIdentity identity;
    private final SecurityMode mode;

    @Inject
    UserResource(SecurityIdentity identity, SecurityMode mode) {
        this.identity = identity;
        this.mode = mode;
    }

    /**
     * The answer.
     *
     * @param name of the user; empty if nobody has authenticated
     * @param roles of the user, by name; all of them while requests need no credentials
     */
    public record User(String name, List<String> roles) {}

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public User user() {
        return new User(
                SecurityMode.user(identity).orElse(""),
                (mode.needsCredentials() ? identity.getRoles() : Roles.ALL)
                        .stream().sorted().toList());
    }
}
