// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.sample;

import io.deeptweet.service.security.Roles;
import io.deeptweet.service.security.SecurityMode;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** A resource as those of the services are. */
@Path("/sample")
public class SampleResource {
    private final SecurityIdentity identity;

    @Inject
    SampleResource(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The user's name. */
    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public String read() {
        return SecurityMode.user(identity).orElse("nobody");
    }

    @POST
    @RolesAllowed({Roles.PUBLISHER, Roles.OPERATOR})
    public String change() {
        return "changed by " + SecurityMode.user(identity).orElse("nobody");
    }

    /** Nobody may, because nobody is named. */
    @GET
    @Path("/forgotten")
    public String forgotten() {
        return "forgotten";
    }
}
