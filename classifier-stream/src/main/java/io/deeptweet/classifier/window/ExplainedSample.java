// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.ExplainedTweets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a window keeps of the tweets that were explained: words of both sides, and a few examples of each class.
 *
 * <p>The examples of a class are the ids with the smallest hashes, which is a random sample that does not depend on the
 * order of the tweets and changes less and less as a window fills. The texts are not kept: windows outlive the tweets,
 * also those that their authors delete.
 *
 * @param tweets number of explained tweets
 * @param negative words that pushed towards negative
 * @param positive words that pushed towards positive
 * @param examples (classes) ids, at most {@value #EXAMPLES} of each class, in the order of {@link SentimentClass}
 */
record ExplainedSample(long tweets, WordSums negative, WordSums positive, List<List<String>> examples) {
    static final int EXAMPLES = 3;
    /** Longer tokens are no words. */
    static final int LONGEST_WORD = 64;

    static final ExplainedSample NONE = new ExplainedSample(
            0,
            WordSums.NONE,
            WordSums.NONE,
            Stream.of(SentimentClass.values()).map(any -> List.<String>of()).toList());

    private static final int WORDS_PUBLISHED = 10;

    ExplainedSample {
        examples = examples.stream().map(List::copyOf).toList();
    }

    /** Returns the sample of one tweet. */
    static ExplainedSample of(String id, Explanation explanation) {
        Map<String, Double> contributions = new HashMap<>();
        for (Explanation.Term term : explanation.terms())
            if (isWord(term.token())) contributions.merge(term.token(), term.polarity(), Double::sum);
        return new ExplainedSample(
                1,
                side(contributions, -1),
                side(contributions, 1),
                Stream.of(SentimentClass.values())
                        .map(sentiment ->
                                sentiment == explanation.score().sentiment() ? List.of(id) : List.<String>of())
                        .toList());
    }

    private static WordSums side(Map<String, Double> contributions, int sign) {
        Map<String, WordSums.Sum> sums = new HashMap<>();
        contributions.forEach((word, contribution) -> {
            if (sign * contribution > 0 && Double.isFinite(contribution))
                sums.put(word, new WordSums.Sum(sign * contribution, 1));
        });
        return WordSums.summary(sums);
    }

    /** A word or an emoji, and no mention, link or punctuation. */
    private static boolean isWord(String token) {
        return token.length() <= LONGEST_WORD
                && !token.startsWith("<")
                && token.codePoints()
                        .anyMatch(c -> Character.isLetter(c) || Character.getType(c) == Character.OTHER_SYMBOL);
    }

    ExplainedSample plus(ExplainedSample other) {
        if (other.tweets == 0) return this;
        if (tweets == 0) return other;
        return new ExplainedSample(
                tweets + other.tweets,
                negative.plus(other.negative),
                positive.plus(other.positive),
                IntStream.range(0, examples.size())
                        .mapToObj(i -> sample(examples.get(i), other.examples.get(i)))
                        .toList());
    }

    private static List<String> sample(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream())
                .distinct()
                .sorted(Comparator.comparingLong(ExplainedSample::hash).thenComparing(Comparator.naturalOrder()))
                .limit(EXAMPLES)
                .toList();
    }

    /** Similar ids have similar hash codes, which a random generator turns into independent numbers. */
    private static long hash(String id) {
        return new SplittableRandom(id.hashCode()).nextLong();
    }

    /** Whether this many tweets of a window can have been explained like this. */
    boolean isPossible(long count) {
        return tweets >= 0
                && tweets <= count
                && negative.isPossible(tweets)
                && positive.isPossible(tweets)
                && examples.stream().allMatch(ids -> ids.size() <= Math.min(EXAMPLES, tweets));
    }

    /** Returns the published form; empty without tweets. */
    Optional<ExplainedTweets> published() {
        if (tweets == 0) return Optional.empty();
        return Optional.of(new ExplainedTweets(
                tweets,
                negative.strongest(WORDS_PUBLISHED),
                positive.strongest(WORDS_PUBLISHED),
                examples.get(SentimentClass.NEGATIVE.ordinal()),
                examples.get(SentimentClass.NEUTRAL.ordinal()),
                examples.get(SentimentClass.POSITIVE.ordinal())));
    }
}
