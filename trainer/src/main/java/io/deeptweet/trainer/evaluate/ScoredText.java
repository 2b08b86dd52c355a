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
 * A labelled text with a model's score.
 *
 * @param probability of being positive if the text has an opinion, in [0, 1]
 */
public record ScoredText(LabeledText text, float probability) {
    /**
     * A point of a precision-recall curve: precision and recall of a class at some threshold of the probability.
     *
     * @param recall in (0, 1]
     * @param precision in [0, 1]
     */
    public record Point(double recall, double precision) {}

    /** Scores a text. */
    public static ScoredText of(Scorer scorer, LabeledText text) {
        return new ScoredText(text, scorer.score(text.text()).polarity());
    }

    /** Scores texts. */
    public static List<ScoredText> of(Scorer scorer, List<LabeledText> texts) {
        return texts.stream().map(text -> of(scorer, text)).toList();
    }

    /** What corrects the shares of classes that the model finds, from these texts. */
    public static ShareCorrection correction(List<ScoredText> texts) {
        return ShareCorrection.of(texts.stream()
                .collect(Collectors.groupingBy(
                        scored -> scored.text.positive() ? SentimentClass.POSITIVE : SentimentClass.NEGATIVE,
                        Collectors.mapping(scored -> new Score(scored.probability, ""), Collectors.toList()))));
    }

    /** Whether the predicted class is the label. */
    public boolean right() {
        return text.positive() == probability >= 0.5f;
    }

    /**
     * The texts whose predicted class is wrong, the most confident mistake first.
     *
     * @param most of them to return
     */
    public static List<ScoredText> mistakes(List<ScoredText> texts, int most) {
        return texts.stream()
                .filter(scored -> !scored.right())
                .sorted(Comparator.comparingDouble(scored -> -Math.abs(scored.probability() - 0.5)))
                .limit(most)
                .toList();
    }

    /** The precision-recall curve of a class: a point for each distinct probability, the most confident first. */
    public static List<Point> precisionRecall(List<ScoredText> texts, boolean positive) {
        List<ScoredText> sorted = texts.stream()
                .sorted(Comparator.comparingDouble(scored -> positive ? -scored.probability : scored.probability))
                .toList();
        long all = texts.stream()
                .filter(scored -> scored.text.positive() == positive)
                .count();
        List<Point> points = new ArrayList<>();
        int found = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).text.positive() == positive) found++;
            boolean last = i + 1 == sorted.size() || sorted.get(i + 1).probability != sorted.get(i).probability;
            if (last && found > 0) points.add(new Point((double) found / all, (double) found / (i + 1)));
        }
        return points;
    }
}
