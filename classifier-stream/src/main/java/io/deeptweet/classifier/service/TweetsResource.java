// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.service.QueryParameters.InvalidParameterException;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * {@code GET /tweets/{feed}}: the newest scored tweets of a feed, or those of a range of time, of a class, with a text
 * or of some ids.
 */
@Path("/tweets/{feed}")
public class TweetsResource {
    private static final int LARGEST_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;
    private static final int LONGEST_SEARCH = 200;
    private static final Set<String> CLASSES = Set.of("negative", "neutral", "positive");
    private static final RequestLimit LIMIT = new RequestLimit(4, Duration.ofSeconds(5));

    private final ClassifierState state;

    @Inject
    TweetsResource(ClassifierState state) {
        this.state = state;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response tweets(
            @PathParam("feed") String feed,
            @QueryParam("from") Optional<String> from,
            @QueryParam("to") Optional<String> to,
            @QueryParam("class") Optional<String> sentiment,
            @QueryParam("search") Optional<String> search,
            @QueryParam("id") Set<String> ids,
            @QueryParam("limit") Optional<String> limit,
            @Context Request request) {
        if (!TweetLimits.isFeedName(feed)) return Answers.refused(404, "this cannot be the name of a feed");
        Optional<TweetSearch> tweets = state.tweetSearch();
        if (tweets.isEmpty()) return Answers.unavailable("the service is starting");
        return QueryAnswers.of(
                LIMIT,
                () -> QueryAnswers.json(
                        tweets.get()
                                .newest(
                                        QueryParameters.time("from", from),
                                        QueryParameters.time("to", to),
                                        wanted(feed, sentiment, search)
                                                .and(tweet -> ids.isEmpty() || ids.contains(tweet.getId())),
                                        QueryParameters.limit(limit, DEFAULT_LIMIT, LARGEST_LIMIT)),
                        request));
    }

    private static Predicate<ScoredTweet> wanted(String feed, Optional<String> sentiment, Optional<String> search) {
        sentiment.filter(given -> !CLASSES.contains(given)).ifPresent(given -> {
            throw new InvalidParameterException("class must be negative, neutral or positive");
        });
        search.filter(given -> given.length() > LONGEST_SEARCH).ifPresent(given -> {
            throw new InvalidParameterException("search must have at most " + LONGEST_SEARCH + " characters");
        });
        Optional<String> part = search.map(text -> text.toLowerCase(Locale.ROOT));
        return tweet -> tweet.getFeed().equals(feed)
                && sentiment
                        .map(given ->
                                given.equalsIgnoreCase(tweet.getSentiment().toString()))
                        .orElse(true)
                && part.map(tweet.getText().toLowerCase(Locale.ROOT)::contains).orElse(true);
    }
}
