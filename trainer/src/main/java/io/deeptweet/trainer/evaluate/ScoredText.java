// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.trainer.data.LabeledText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A labelled text with a model's score. Where neutral was no choice for the labellers, the model chooses between the
 * other two classes as well, by its polarity.
 */
public record ScoredText(LabeledText text, Score score) {
    /**
     * A point of a precision-recall curve: precision and recall of a class at some threshold of the probability.
     *
     * @param recall in (0, 1]
     * @param precision in [0, 1]
     */
    public record Point(double recall, double precision) {}

    /** Scores a text. */
    public static ScoredText of(Scorer scorer, LabeledText text) {
        return new ScoredText(text, scorer.score(text.text()));
    }

    /** Scores texts. */
    public static List<ScoredText> of(Scorer scorer, List<LabeledText> texts) {
        return texts.stream().map(text -> of(scorer, text)).toList();
    }

    /**
     * What corrects the shares of classes that the model finds, from these texts. Of texts of two and of three classes,
     * only those of three classes count.
     */
    public static ShareCorrection correction(List<ScoredText> texts) {
        boolean three = texts.stream().anyMatch(scored -> scored.text.opinionLabelled());
        return ShareCorrection.of(texts.stream()
                .filter(scored -> scored.text.opinionLabelled() == three)
                .collect(Collectors.groupingBy(
                        scored -> scored.text.label(), Collectors.mapping(ScoredText::score, Collectors.toList()))));
    }

    /** The predicted class. */
    public SentimentClass predicted() {
        if (text.opinionLabelled()) return score.sentiment();
        return score.polarity() >= 0.5f ? SentimentClass.POSITIVE : SentimentClass.NEGATIVE;
    }

    /** The probability of a class, in [0, 1]. */
    public float probability(SentimentClass sentiment) {
        if (text.opinionLabelled()) return score.of(sentiment);
        return switch (sentiment) {
            case NEGATIVE -> 1 - score.polarity();
            case NEUTRAL -> 0;
            case POSITIVE -> score.polarity();
        };
    }

    /** Whether the predicted class is the label. */
    public boolean right() {
        return text.label() == predicted();
    }

    /**
     * The texts whose predicted class is wrong, the most confident mistake first.
     *
     * @param most of them to return
     */
    public static List<ScoredText> mistakes(List<ScoredText> texts, int most) {
        return texts.stream()
                .filter(scored -> !scored.right())
                .sorted(Comparator.comparingDouble(scored -> -scored.probability(scored.predicted())))
                .limit(most)
                .toList();
    }

    /** The precision-recall curve of a class: a point for each distinct probability, the most confident first. */
    public static List<Point> precisionRecall(List<ScoredText> texts, SentimentClass sentiment) {
        List<ScoredText> sorted = texts.stream()
                .sorted(Comparator.comparingDouble(scored -> -scored.probability(sentiment)))
                .toList();
        long all = texts.stream()
                .filter(scored -> scored.text.label() == sentiment)
                .count();
        List<Point> points = new ArrayList<>();
        int found = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).text.label() == sentiment) found++;
            boolean last = i + 1 == sorted.size()
                    || sorted.get(i + 1).probability(sentiment) != sorted.get(i).probability(sentiment);
            if (last && found > 0) points.add(new Point((double) found / all, (double) found / (i + 1)));
        }
        return points;
    }
}
