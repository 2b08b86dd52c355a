// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.deeptweet.schemas.EstimatedShare;
import io.deeptweet.schemas.EstimatedShares;
import io.deeptweet.schemas.ExplainedTweets;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.PushingWord;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A window as the HTTP API shows it; the fields are those of {@link SentimentWindow}, with the classes as names.
 *
 * @param size ISO 8601, such as PT10S
 * @param start ISO 8601, inclusive
 * @param end ISO 8601, exclusive
 * @param shares by class; null without tweets, or if a model's report does not hold the correction
 * @param explained words and examples; null if they were not asked for, or there are none
 */
@JsonIgnoreProperties(ignoreUnknown = true) // of an instance that runs a later release
public record WindowAnswer(
        String feed,
        String size,
        String start,
        String end,
        long count,
        long negative,
        long neutral,
        long positive,
        long uncertain,
        ByClass<Float> meanProbabilities,
        ByClass<Share> shares,
        Map<String, Long> modelVersions,
        boolean closed,
        @JsonInclude(JsonInclude.Include.NON_NULL) Explained explained) {
    /** A value for each class. */
    public record ByClass<T>(T negative, T neutral, T positive) {}

    /**
     * An estimated share, in [0, 1].
     *
     * @param low lower end of the interval of 95 %
     * @param high upper end of the interval
     */
    public record Share(float share, float low, float high) {
        private static Share of(EstimatedShare share) {
            return new Share(share.getShare(), share.getLow(), share.getHigh());
        }
    }

    /**
     * Words and examples of the tweets that were explained.
     *
     * @param tweets number of explained tweets
     * @param words towards negative and positive, the strongest first
     * @param examples ids of tweets of each class
     */
    public record Explained(long tweets, Sides words, ByClass<List<String>> examples) {
        private static Explained of(ExplainedTweets explained) {
            return new Explained(
                    explained.getTweets(),
                    new Sides(words(explained.getNegativeWords()), words(explained.getPositiveWords())),
                    new ByClass<>(
                            explained.getNegativeExamples(),
                            explained.getNeutralExamples(),
                            explained.getPositiveExamples()));
        }

        private static List<Word> words(List<PushingWord> words) {
            return words.stream()
                    .map(word -> new Word(word.getWord(), word.getContribution(), word.getTweets()))
                    .toList();
        }
    }

    /** The words of each side. */
    public record Sides(List<Word> negative, List<Word> positive) {}

    /**
     * A word.
     *
     * @param contribution sum of its contributions to its side, in logits of the polarity, above 0
     * @param tweets number of explained tweets in which it pushed to its side
     */
    public record Word(String word, float contribution, long tweets) {}

    /** Without words and examples. */
    static WindowAnswer of(SentimentWindow window) {
        return of(window, false);
    }

    static WindowAnswer of(SentimentWindow window, boolean explained) {
        Probabilities mean = window.getMeanProbabilities();
        Optional<EstimatedShares> shares = window.getShares();
        return new WindowAnswer(
                window.getFeed(),
                Duration.between(window.getStart(), window.getEnd()).toString(),
                window.getStart().toString(),
                window.getEnd().toString(),
                window.getCount(),
                window.getNegative(),
                window.getNeutral(),
                window.getPositive(),
                window.getUncertain(),
                new ByClass<>(mean.getNegative(), mean.getNeutral(), mean.getPositive()),
                shares.map(of -> new ByClass<>(
                                Share.of(of.getNegative()), Share.of(of.getNeutral()), Share.of(of.getPositive())))
                        .orElse(null),
                window.getModelVersions(),
                window.getClosed(),
                window.getExplained()
                        .filter(any -> explained)
                        .map(Explained::of)
                        .orElse(null));
    }

    /** The header of {@link #csv}. */
    static final String CSV_HEADER = "feed,size,start,end,count,negative,neutral,positive,uncertain"
            + ",mean_negative,mean_neutral,mean_positive,share_negative,share_negative_low,share_negative_high"
            + ",share_neutral,share_neutral_low,share_neutral_high,share_positive,share_positive_low"
            + ",share_positive_high,model_versions,closed\r\n";

    /**
     * A line of CSV (RFC 4180). No field needs quotes: names of feeds and versions have neither commas nor quotes, and
     * versions are separated by semicolons.
     */
    String csv() {
        String counts = String.join(",", feed, size, start, end, count + "", negative + "", neutral + "", positive + "")
                + "," + uncertain;
        String means =
                meanProbabilities.negative() + "," + meanProbabilities.neutral() + "," + meanProbabilities.positive();
        String estimates = shares == null
                ? ",,,,,,,,"
                : csv(shares.negative()) + "," + csv(shares.neutral()) + "," + csv(shares.positive());
        String versions = new TreeMap<>(modelVersions)
                .entrySet().stream()
                        .map(version -> version.getKey().replaceAll("[\",;\\s]", "_") + "=" + version.getValue())
                        .collect(Collectors.joining(";"));
        return String.join(",", counts, means, estimates, versions, closed + "\r\n");
    }

    private static String csv(Share share) {
        return share.share() + "," + share.low() + "," + share.high();
    }
}
