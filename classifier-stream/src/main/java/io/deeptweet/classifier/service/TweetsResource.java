// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.service.QueryParameters.InvalidParameterException;
import io.deeptweet.classifier.service.TweetSearch.Found;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Scorer;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * {@code GET /tweets/{feed}}: the newest scored tweets of a feed, or those of a range of time. {@code GET
 * /tweets/{feed}/words}: the words that moved their scores most, by the exact contributions of the active model.
 */
@Path("/tweets/{feed}")
public class TweetsResource {
    private static final int LARGEST_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;
    private static final int LONGEST_SEARCH = 200;
    private static final int WORDS_PER_SIDE = 50;
    private static final Set<String> CLASSES = Set.of("negative", "neutral", "positive");
    private static final RequestLimit LIMIT = new RequestLimit(4, Duration.ofSeconds(5));

    private final ClassifierState state;
    private final ActiveModel model;

    @Inject
    TweetsResource(ClassifierState state, ActiveModel model) {
        this.state = state;
        this.model = model;
    }

    /**
     * A word.
     *
     * @param contribution sum of its contributions to the logits of the polarity
     * @param tweets how many tweets hold it
     */
    private record Word(String word, double contribution, int tweets) {
        Word plus(Word other) {
            return new Word(word, contribution + other.contribution, tweets + other.tweets);
        }
    }

    /**
     * The strongest words, the strongest of each side first.
     *
     * @param tweets how many tweets were explained
     * @param complete whether these are all tweets of the feed and the range
     */
    private record Words(String model, int tweets, boolean complete, List<Word> negative, List<Word> positive) {}

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response tweets(
            @PathParam("feed") String feed,
            @QueryParam("from") Optional<String> from,
            @QueryParam("to") Optional<String> to,
            @QueryParam("class") Optional<String> sentiment,
            @QueryParam("search") Optional<String> search,
            @QueryParam("limit") Optional<String> limit,
            @Context Request request) {
        return answer(found -> QueryAnswers.json(found, request), feed, from, to, sentiment, search, limit);
    }

    @GET
    @Path("/words")
    @RolesAllowed({Roles.VIEWER, Roles.LABELER, Roles.OPERATOR})
    public Response words(
            @PathParam("feed") String feed,
            @QueryParam("from") Optional<String> from,
            @QueryParam("to") Optional<String> to,
            @Context Request request) {
        if (model.version().isEmpty()) return Answers.unavailable("no model is active");
        return answer(
                found -> QueryAnswers.json(words(found), request),
                feed,
                from,
                to,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Integer.toString(LARGEST_LIMIT)));
    }

    private Response answer(
            Function<Found, Response> shown,
            String feed,
            Optional<String> from,
            Optional<String> to,
            Optional<String> sentiment,
            Optional<String> search,
            Optional<String> limit) {
        if (!TweetLimits.isFeedName(feed)) return Answers.refused(404, "this cannot be the name of a feed");
        Optional<TweetSearch> tweets = state.tweetSearch();
        if (tweets.isEmpty()) return Answers.unavailable("the service is starting");
        return QueryAnswers.of(
                LIMIT,
                () -> shown.apply(tweets.get()
                        .newest(
                                QueryParameters.time("from", from),
                                QueryParameters.time("to", to),
                                wanted(feed, sentiment, search),
                                QueryParameters.limit(limit, DEFAULT_LIMIT, LARGEST_LIMIT))));
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

    private Words words(Found found) {
        Scorer scorer = model.current();
        Map<String, Word> words = new HashMap<>();
        int explained = 0;
        for (TweetAnswer tweet : found.tweets()) {
            try {
                Map<String, Word> ofTweet = scorer.explain(tweet.text()).terms().stream()
                        .filter(term -> isWord(term.token()))
                        .collect(Collectors.toMap(
                                Explanation.Term::token,
                                term -> new Word(term.token(), term.polarity(), 1),
                                (one, other) -> new Word(one.word(), one.contribution() + other.contribution(), 1)));
                ofTweet.forEach((token, word) -> words.merge(token, word, Word::plus));
                explained++;
            } catch (RuntimeException e) { // a text that the model cannot score must not hide the others
                continue;
            }
        }
        return new Words(scorer.version(), explained, found.complete(), strongest(words, -1), strongest(words, 1));
    }

    /** A word or an emoji, and no mention, link or punctuation. */
    private static boolean isWord(String token) {
        return !token.startsWith("<")
                && token.codePoints()
                        .anyMatch(c -> Character.isLetter(c) || Character.getType(c) == Character.OTHER_SYMBOL);
    }

    private static List<Word> strongest(Map<String, Word> words, int side) {
        return words.values().stream()
                .filter(word -> side * word.contribution() > 0)
                .sorted(Comparator.comparingDouble(word -> -side * word.contribution()))
                .limit(WORDS_PER_SIDE)
                .toList();
    }
}
