// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A tweet for which the active model and the shadow have different classes.
 *
 * @param active as the active model scored it
 * @param shadow as the shadow scored it
 */
public record Disagreement(ScoredTweet active, ScoredTweet shadow) {
    /**
     * The tweets for which two models disagree, without near-duplicates. Those come first of which both are most
     * certain: of these, a label decides between the models.
     *
     * @param activeVersion the active model; what earlier ones scored is left out
     * @param shadowVersion the shadow; what earlier ones scored is left out
     * @param hasLabel whether the tweet of an id is labelled
     * @param feed select tweets of this feed only; empty for all feeds
     * @param most how many at most
     */
    public static List<Disagreement> of(
            Collection<ScoredTweet> scored,
            String activeVersion,
            Collection<ScoredTweet> shadowed,
            String shadowVersion,
            Predicate<String> hasLabel,
            Optional<String> feed,
            int most) {
        Map<String, ScoredTweet> beside = shadowed.stream()
                .filter(tweet -> tweet.getModelVersion().equals(shadowVersion))
                .collect(Collectors.toMap(ScoredTweet::getId, Function.identity(), (earlier, later) -> later));
        List<Disagreement> mostCertainFirst = scored.stream()
                .filter(tweet -> tweet.getModelVersion().equals(activeVersion))
                .filter(tweet -> feed.isEmpty() || feed.get().equals(tweet.getFeed()))
                .filter(tweet -> beside.containsKey(tweet.getId()))
                .filter(tweet -> !hasLabel.test(tweet.getId()) && !hasLabel.test(Label.idOf(tweet.getText())))
                .map(tweet -> new Disagreement(tweet, beside.get(tweet.getId())))
                .filter(pair -> pair.active().getSentiment() != pair.shadow().getSentiment())
                .sorted(Comparator.comparingDouble(Disagreement::certainty)
                        .reversed()
                        .thenComparing(pair -> pair.active().getId()))
                .toList();
        return LabelCandidates.distinct(mostCertainFirst, pair -> pair.active().getText(), most);
    }

    /** The probability that the less certain of the two gives its class, in [0, 1]. */
    private double certainty() {
        return Math.min(probability(active), probability(shadow));
    }

    private static float probability(ScoredTweet tweet) {
        Probabilities classes = tweet.getProbabilities();
        return switch (tweet.getSentiment()) {
            case NEGATIVE -> classes.getNegative();
            case NEUTRAL -> classes.getNeutral();
            case POSITIVE -> classes.getPositive();
        };
    }
}
