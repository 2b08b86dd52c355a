// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.deeptweet.classifier.metrics.DriftSummary;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.classifier.window.UnavailableException;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** {@code GET /instances}: model, lag and drift of each instance of the application, as its {@code /status} tells. */
@Path("/instances")
@Produces(MediaType.APPLICATION_JSON)
public class InstancesResource {
    private static final RequestLimit LIMIT = new RequestLimit(4);

    private final ClassifierSettings settings;
    private final ClassifierState state;
    private final StatusResource status;
    private final OtherServices others;

    @Inject
    InstancesResource(ClassifierSettings settings, ClassifierState state, StatusResource status, OtherServices others) {
        this.settings = settings;
        this.state = state;
        this.status = status;
        this.others = others;
    }

    /**
     * An instance.
     *
     * @param address host and port
     * @param activeModel the version that scores there; empty if there is none, or it does not answer
     * @param since when it was swapped in, an ISO instant; empty if there is none
     * @param lag records in its partitions that wait; null until it is known, or if it does not answer
     * @param drift the drift of the feeds that it measures
     * @param fault why it does not answer; empty if it does
     */
    public record Instance(
            String address, String activeModel, String since, Long lag, List<DriftSummary> drift, String fault) {
        private static Instance of(String address, Reported status) {
            return new Instance(address, status.activeModel(), status.since(), status.lag(), status.drift(), "");
        }

        private static Instance silent(String address, String fault) {
            return new Instance(address, "", "", null, List.of(), fault);
        }
    }

    /** What is read of another instance's status. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Reported(String activeModel, String since, Long lag, List<DriftSummary> drift) {}

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response instances(@HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization) {
        return QueryAnswers.of(LIMIT, () -> {
            List<String> addresses =
                    state.stream().map(SentimentStream::instances).orElse(List.of());
            // The others answer at the same time: one that is down would hold up the rest.
            return Response.ok(addresses.parallelStream()
                            .map(address -> instance(address, authorization))
                            .toList())
                    .build();
        });
    }

    private Instance instance(String address, Optional<String> authorization) {
        if (address.equals(settings.address())) {
            StatusResource.Status own = status.status();
            Long lag = own.lag().isPresent() ? own.lag().getAsLong() : null;
            return Instance.of(address, new Reported(own.activeModel(), own.since(), lag, own.drift()));
        }
        try {
            return others.get(address, "/status", authorization, Reported.class)
                    .map(reported -> Instance.of(address, reported))
                    .orElseGet(() -> Instance.silent(address, address + " answers 404"));
        } catch (UnavailableException e) {
            return Instance.silent(address, e.getMessage());
        }
    }
}
