// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.classifier.alert.Rules;
import io.deeptweet.classifier.service.AlertAnswers.AlertAnswer;
import io.deeptweet.classifier.service.AlertAnswers.AlertsAnswer;
import io.deeptweet.classifier.service.AlertAnswers.RuleAnswer;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/**
 * {@code GET /alerts}: what has fired. {@code GET /alerts/rules}: when to alert; a rule is written with {@code PUT} and
 * removed with {@code DELETE}, for all instances.
 */
@Path("/alerts")
@Produces(MediaType.APPLICATION_JSON)
public class AlertsResource {
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1_000;
    private static final int MOST_CHARACTERS = 16_384;
    private static final RequestLimit READS = new RequestLimit(16, Duration.ofSeconds(5));
    private static final RequestLimit CHANGES = new RequestLimit(2, Duration.ofSeconds(5));

    private final ClassifierState state;

    @Inject
    AlertsResource(ClassifierState state) {
        this.state = state;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response alerts(
            @QueryParam("feed") Optional<String> feed,
            @QueryParam("limit") Optional<String> limit,
            @Context Request request) {
        return answer(
                READS,
                alerts -> alerts.log().isReady()
                        ? QueryAnswers.json(
                                new AlertsAnswer(
                                        alerts.log().active().stream()
                                                .filter(alert -> feed.isEmpty() || feed.equals(alert.getFeed()))
                                                .map(AlertAnswer::of)
                                                .toList(),
                                        alerts
                                                .recent(
                                                        feed,
                                                        QueryParameters.limit(limit, DEFAULT_LIMIT, LARGEST_LIMIT))
                                                .stream()
                                                .map(AlertAnswer::of)
                                                .toList()),
                                request)
                        : Answers.unavailable("the alerts are not read yet"));
    }

    @GET
    @Path("rules")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response rules(@Context Request request) {
        return answer(
                READS,
                alerts -> QueryAnswers.json(
                        alerts.rules().known().stream().map(RuleAnswer::of).toList(), request));
    }

    @PUT
    @Path("rules/{name}")
    @RolesAllowed(Roles.OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(@PathParam("name") String name, String body) {
        if (body.length() > MOST_CHARACTERS)
            return Answers.refused(413, "the body has more than " + MOST_CHARACTERS + " characters");
        return answer(CHANGES, alerts -> {
            Rule rule;
            try {
                rule = RuleFields.parsed(name, body);
                alerts.rules().requirePossible(rule);
            } catch (IllegalArgumentException e) {
                return Answers.refused(400, e.getMessage());
            }
            return put(alerts, rule);
        });
    }

    private static Response put(AlertControl alerts, Rule rule) {
        String name = rule.name();
        synchronized (alerts) { // two new rules must not both be the last one that there is room for
            Optional<Rules.Known> known = alerts.rules().find(name);
            if (known.filter(Rules.Known::configured).isPresent()) return configured(name);
            if (known.isEmpty() && alerts.rules().isFull())
                return Answers.refused(409, "there are " + Rules.MOST + " rules already: remove one");
            return changed(alerts, name, Optional.of(rule))
                    .orElseGet(() -> Response.status(known.isPresent() ? 200 : 201)
                            .entity(QueryAnswers.text(RuleAnswer.of(new Rules.Known(rule, false))))
                            .build());
        }
    }

    @DELETE
    @Path("rules/{name}")
    @RolesAllowed(Roles.OPERATOR)
    public Response delete(@PathParam("name") String name) {
        return answer(CHANGES, alerts -> {
            Optional<Rules.Known> known = alerts.rules().find(name);
            if (known.isEmpty()) return Answers.refused(404, "there is no rule " + UntrustedText.quoted(name));
            if (known.get().configured()) return configured(name);
            return changed(alerts, name, Optional.empty())
                    .orElseGet(() -> Response.noContent().build());
        });
    }

    private static Response configured(String name) {
        return Answers.refused(409, "the settings define the rule " + name + ": change them");
    }

    /** Empty once the change is made, or the answer if it could not be. */
    private static Optional<Response> changed(AlertControl alerts, String name, Optional<Rule> rule) {
        try {
            alerts.write(name, rule);
            return Optional.empty();
        } catch (KafkaException e) {
            return Optional.of(Answers.unavailable(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Answers.unavailable("the service stops"));
        }
    }

    private Response answer(RequestLimit limit, Function<AlertControl, Response> query) {
        Optional<AlertControl> alerts = state.alerts();
        if (alerts.isEmpty()) return Answers.unavailable("the service is starting");
        return QueryAnswers.of(limit, () -> query.apply(alerts.get()));
    }
}
