// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.ClassHistograms;
import io.deeptweet.model.score.ClassShare;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.schemas.EstimatedShare;
import io.deeptweet.schemas.EstimatedShares;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The sums that a window keeps of its tweets. A single tweet is an aggregate too, so windows only need {@link #plus}.
 *
 * @param counts (classes) number of tweets of each class, in the order of {@link SentimentClass}
 * @param sums (classes) sum of the tweets' probabilities of each class
 * @param versions number of tweets by the version of the model that scored them
 * @param tokens number of tokens read
 * @param unknown number of those tokens that the vocabulary does not hold
 * @param histograms histograms of the probabilities
 * @param margins histogram of the {@linkplain Score#margin margins}
 * @param explained words and examples of the tweets that were explained
 */
public record SentimentAggregate(
        List<Long> counts,
        List<Double> sums,
        Map<String, Long> versions,
        long tokens,
        long unknown,
        ClassHistograms histograms,
        ScoreHistogram margins,
        LazySample explained) {
    /** A window with more would not fit into a record in the end. */
    static final int MOST_VERSIONS = 100;

    /** Stands for versions beyond the limit. */
    static final String OTHER_VERSIONS = "other";

    private static final int CLASSES = SentimentClass.values().length;

    public SentimentAggregate {
        counts = List.copyOf(counts);
        sums = List.copyOf(sums);
        versions = Map.copyOf(versions);
    }

    /** Returns the aggregate of one tweet. */
    public static SentimentAggregate of(Score score) {
        return new SentimentAggregate(
                each(sentiment -> sentiment == score.sentiment() ? 1L : 0L),
                each(sentiment -> (double) score.of(sentiment)),
                Map.of(score.version(), 1L),
                score.tokens(),
                score.unknown(),
                ClassHistograms.of(score),
                ScoreHistogram.of(score.margin()),
                LazySample.NONE);
    }

    /** Returns the same sums with other explained tweets. */
    SentimentAggregate with(ExplainedSample sample) {
        return new SentimentAggregate(
                counts, sums, versions, tokens, unknown, histograms, margins, new LazySample(sample));
    }

    /** Returns the same sums without words and examples. */
    public SentimentAggregate withoutExplained() {
        return with(ExplainedSample.NONE);
    }

    private static <T> List<T> each(Function<SentimentClass, T> value) {
        return Stream.of(SentimentClass.values()).map(value).toList();
    }

    /** Returns the aggregate of both sets of tweets. */
    public SentimentAggregate plus(SentimentAggregate other) {
        Map<String, Long> all = new HashMap<>(versions);
        other.versions.forEach((version, count) -> all.merge(
                all.containsKey(version) || all.size() < MOST_VERSIONS ? version : OTHER_VERSIONS, count, Long::sum));
        return new SentimentAggregate(
                each(sentiment -> count(sentiment) + other.count(sentiment)),
                each(sentiment -> sum(sentiment) + other.sum(sentiment)),
                all,
                tokens + other.tokens,
                unknown + other.unknown,
                histograms.plus(other.histograms),
                margins.plus(other.margins),
                explained.plus(other.explained));
    }

    /** Returns the number of tweets of a class. */
    public long count(SentimentClass sentiment) {
        return counts.get(sentiment.ordinal());
    }

    private double sum(SentimentClass sentiment) {
        return sums.get(sentiment.ordinal());
    }

    /** Returns the number of tweets. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Whether tweets can add up to it; the explained tweets are not looked at. */
    boolean isPossible() {
        if (counts.size() != CLASSES || sums.size() != CLASSES) return false;
        long count = count();
        boolean tweets = isPartOf(count, counts) && count >= 0 && unknown >= 0 && tokens >= unknown;
        // Less than the count where an earlier release did not count them.
        boolean parts = isPartOf(count, versions.values())
                && isPartOf(count, margins.counts())
                && histograms.byClass().stream().allMatch(histogram -> isPartOf(count, histogram.counts()));
        boolean probabilities = sums.stream().allMatch(sum -> sum >= 0 && sum <= count * (1 + 1e-6) + 1e-6);
        return tweets && parts && probabilities && versions.size() <= MOST_VERSIONS + 1;
    }

    private static boolean isPartOf(long count, Collection<Long> parts) {
        long rest = count;
        for (long part : parts) {
            if (part < 0 || part > rest) return false;
            rest -= part;
        }
        return true;
    }

    /**
     * Returns the published form.
     *
     * @param correction of the models that scored the tweets; empty if there is none
     * @param uncertainTenths a tweet is uncertain if its margin is below two tenths for each of these, 1 to 5
     * @param closed whether no more tweets are counted
     */
    public SentimentWindow window(
            FeedWindow window,
            Duration size,
            Optional<ShareCorrection> correction,
            int uncertainTenths,
            boolean closed) {
        return new SentimentWindow(
                window.feed(),
                window.start(),
                window.start().plus(size),
                count(),
                count(SentimentClass.NEGATIVE),
                count(SentimentClass.NEUTRAL),
                count(SentimentClass.POSITIVE),
                new Probabilities((float) mean(SentimentClass.NEGATIVE), (float) mean(SentimentClass.NEUTRAL), (float)
                        mean(SentimentClass.POSITIVE)),
                correction.flatMap(this::shares).orElse(null),
                new TreeMap<>(versions),
                uncertain(uncertainTenths),
                closed,
                explained.get().published().orElse(null));
    }

    /** Returns the number of tweets whose margin is below two tenths for each of these. */
    public long uncertain(int tenths) {
        return margins.below(2 * tenths);
    }

    private double mean(SentimentClass sentiment) {
        return count() == 0 ? 0 : sum(sentiment) / count();
    }

    private Optional<EstimatedShares> shares(ShareCorrection correction) {
        if (count() == 0) return Optional.empty();
        return correction
                .shares(mean(SentimentClass.NEGATIVE), mean(SentimentClass.POSITIVE), count())
                .map(shares -> new EstimatedShares(
                        published(shares.get(SentimentClass.NEGATIVE.ordinal())),
                        published(shares.get(SentimentClass.NEUTRAL.ordinal())),
                        published(shares.get(SentimentClass.POSITIVE.ordinal()))));
    }

    private static EstimatedShare published(ClassShare share) {
        return new EstimatedShare((float) share.share(), (float) share.low(), (float) share.high());
    }
}
