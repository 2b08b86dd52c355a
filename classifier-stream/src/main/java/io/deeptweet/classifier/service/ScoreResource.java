// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.service.WindowAnswer.ByClass;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code POST /score}: scores given texts with the active model or the shadow, and explains. Nothing is stored. */
@Path("/score")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ScoreResource {
    private static final int MOST_TEXTS = 100;
    private static final String SHAPE = "send {\"texts\": [\"…\"]} with 1 to " + MOST_TEXTS + " texts of at most "
            + TweetLimits.LONGEST_TEXT + " characters, and \"model\": \"shadow\" for the shadow's scores";
    private static final String SHADOW = "shadow";
    private static final Set<String> MODELS = Set.of("active", SHADOW);
    private static final RequestLimit LIMIT = new RequestLimit(8, Duration.ofSeconds(5));

    private final ActiveModel model;
    private final ObjectMapper mapper = new ObjectMapper();

    @Inject
    ScoreResource(ActiveModel model) {
        this.model = model;
    }

    private record Answer(String model, List<ScoredText> scores) {}

    /**
     * A text's score.
     *
     * @param bias of polarity and opinion, to which the terms' contributions add up to the logits
     * @param terms of the text, in its order
     */
    private record ScoredText(
            String text, String sentiment, ByClass<Float> probabilities, Bias bias, List<Explanation.Term> terms) {
        static ScoredText of(String text, Explanation explanation) {
            Score score = explanation.score();
            return new ScoredText(
                    text,
                    score.sentiment().label(),
                    new ByClass<>(score.negative(), score.neutral(), score.positive()),
                    new Bias(explanation.polarityBias(), finite(explanation.opinionBias())),
                    explanation.terms());
        }

        /** JSON has no infinity, which the opinion of a model of two classes has. */
        private static Double finite(double value) {
            return Double.isFinite(value) ? value : null;
        }
    }

    private record Bias(double polarity, Double opinion) {}

    @POST
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response score(String body) {
        JsonNode request;
        try {
            request = mapper.readTree(body);
        } catch (JsonProcessingException e) {
            return Answers.refused(400, "the body is not JSON: " + SHAPE);
        }
        List<String> texts = texts(request);
        String which = request == null ? "" : request.path("model").asText("active");
        if (texts.isEmpty() || !MODELS.contains(which)) return Answers.refused(400, SHAPE);
        if (model.version().isEmpty()) return Answers.unavailable("no model is active");
        Optional<Scorer> scorer = which.equals(SHADOW) ? model.shadow() : Optional.of(model.current());
        if (scorer.isEmpty()) return Answers.refused(404, "no model runs in shadow mode");
        return LIMIT.answer(() -> scored(scorer.get(), texts));
    }

    /** Empty if the body does not have the shape. */
    private static List<String> texts(JsonNode body) {
        JsonNode given = body == null ? null : body.get("texts");
        if (given == null || !given.isArray() || given.size() > MOST_TEXTS) return List.of();
        List<String> texts = new ArrayList<>();
        for (JsonNode text : given) {
            if (!text.isTextual() || text.textValue().length() > TweetLimits.LONGEST_TEXT) return List.of();
            texts.add(text.textValue());
        }
        return texts;
    }

    private static Response scored(Scorer scorer, List<String> texts) {
        List<ScoredText> scores = new ArrayList<>();
        for (String text : texts) {
            try {
                scores.add(ScoredText.of(text, scorer.explain(text)));
            } catch (RuntimeException e) { // whatever is wrong with the model
                return Answers.refused(
                        422, "model " + scorer.version() + " cannot score the text: " + UntrustedText.quoted(text));
            }
        }
        return Response.ok(QueryAnswers.text(new Answer(scorer.version(), scores)))
                .build();
    }
}
