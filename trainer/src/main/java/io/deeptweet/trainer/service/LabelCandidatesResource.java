// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import io.deeptweet.trainer.label.Disagreement;
import io.deeptweet.trainer.label.LabelCandidates;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.publish.ModelListing;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * {@code GET /labels/wanted}: the scored tweets most worth labelling, as {@link LabelCandidates} selects them.
 * {@code GET /labels/disagreements}: those for which the shadow has another class than the active model.
 */
@Path("/labels")
@Produces(MediaType.APPLICATION_JSON)
public class LabelCandidatesResource {
    private static final int LARGEST_LIMIT = 500;
    private static final RequestLimit LIMIT = new RequestLimit(4);

    private final TrainerService service;
    private final ObjectMapper mapper = new ObjectMapper();

    @Inject
    LabelCandidatesResource(TrainerService service) {
        this.service = service;
    }

    /** A tweet that is worth labelling: the fields of {@code POST /labels} without the label, and its score. */
    public record Candidate(
            String id,
            String text,
            String feed,
            String author,
            String createdAt,
            String sentiment,
            Map<String, Float> probabilities,
            String modelVersion) {
        private static Candidate of(ScoredTweet tweet) {
            Verdict verdict = Verdict.of(tweet);
            return new Candidate(
                    tweet.getId(),
                    tweet.getText(),
                    tweet.getFeed(),
                    tweet.getAuthor().orElse(""),
                    tweet.getCreatedAt().toString(),
                    verdict.sentiment(),
                    verdict.probabilities(),
                    verdict.modelVersion());
        }
    }

    /** How a model scored a tweet. */
    public record Verdict(String sentiment, Map<String, Float> probabilities, String modelVersion) {
        private static Verdict of(ScoredTweet tweet) {
            return new Verdict(
                    tweet.getSentiment().toString().toLowerCase(Locale.ROOT),
                    Map.of(
                            "negative", tweet.getProbabilities().getNegative(),
                            "neutral", tweet.getProbabilities().getNeutral(),
                            "positive", tweet.getProbabilities().getPositive()),
                    tweet.getModelVersion());
        }
    }

    /** A tweet for which two models disagree: the fields of a candidate, and how the shadow scored it. */
    public record Disputed(@JsonUnwrapped Candidate candidate, Verdict shadow) {
        private static Disputed of(Disagreement pair) {
            return new Disputed(Candidate.of(pair.active()), Verdict.of(pair.shadow()));
        }
    }

    private interface Selection {
        List<?> of(StartedTrainer trainer, LabelStore labels, int limit);
    }

    @GET
    @Path("/wanted")
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response wanted(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("feed") Optional<String> feed) {
        return answer(
                limit,
                (trainer, labels, most) ->
                        LabelCandidates.of(trainer.latest().get(), labels::knows, feed, most).stream()
                                .map(Candidate::of)
                                .toList());
    }

    @GET
    @Path("/disagreements")
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response disagreements(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("feed") Optional<String> feed) {
        return answer(limit, (trainer, labels, most) -> disputed(trainer, labels, feed, most));
    }

    /** None while there is no shadow. */
    private static List<Disputed> disputed(StartedTrainer trainer, LabelStore labels, Optional<String> feed, int most) {
        List<ModelListing> models = trainer.index().list();
        Optional<ModelListing> active =
                models.stream().filter(ModelListing::active).findFirst();
        Optional<ModelListing> shadow =
                models.stream().filter(ModelListing::shadow).findFirst();
        if (active.isEmpty() || shadow.isEmpty()) return List.of();
        return Disagreement.of(
                        trainer.latest().get(),
                        active.get().version(),
                        trainer.shadow().get(),
                        shadow.get().version(),
                        labels::knows,
                        feed,
                        most)
                .stream()
                .map(Disputed::of)
                .toList();
    }

    private Response answer(String limit, Selection selection) {
        if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > LARGEST_LIMIT)
            return Answers.refused(400, "limit must be 1 to " + LARGEST_LIMIT);
        Optional<StartedTrainer> trainer = service.started();
        Optional<LabelStore> labels =
                trainer.flatMap(started -> started.rounds().labels());
        if (labels.isEmpty()) return Answers.unavailable("this trainer is not the active one now: see /status");
        return LIMIT.answer(() -> answer(selection, trainer.get(), labels.get(), Integer.parseInt(limit)));
    }

    private Response answer(Selection selection, StartedTrainer trainer, LabelStore labels, int limit) {
        try {
            return Response.ok(
                            UntrustedText.jsonForHtml(mapper.writeValueAsString(selection.of(trainer, labels, limit))))
                    .build();
        } catch (KafkaException e) {
            return Answers.unavailable(e.getMessage());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a list of text and numbers is always JSON", e);
        }
    }
}
