// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.trainer.publish.ModelListing;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** {@code GET /models}: the published models, in the order of their publication. */
@Path("/models")
public class ModelsResource {
    private final TrainerService trainer;

    @Inject
    ModelsResource(TrainerService trainer) {
        this.trainer = trainer;
    }

    @GET
    public List<ModelListing> models() {
        return ModelListing.of(trainer.log());
    }
}
