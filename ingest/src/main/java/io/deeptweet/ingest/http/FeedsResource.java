// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.feed.FeedStatus;
import io.deeptweet.ingest.service.IngestService;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** Shows the feeds of this instance. */
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
}
