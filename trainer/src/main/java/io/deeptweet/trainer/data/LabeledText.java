// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import java.util.List;

/**
 * A text with its label.
 *
 * @param opinionLabelled whether the label also says if the text has an opinion: only where neutral was a choice. A
 *     positive or negative label of a data set without neutral texts says nothing about that
 * @param dataSet name of the data set; empty if it is of none
 */
public record LabeledText(String text, SentimentClass label, boolean opinionLabelled, String dataSet) {
    public LabeledText {
        if (label == SentimentClass.NEUTRAL && !opinionLabelled)
            throw new IllegalArgumentException("a neutral label says that the text has no opinion");
    }

    /** A text of no data set. */
    public LabeledText(String text, SentimentClass label, boolean opinionLabelled) {
        this(text, label, opinionLabelled, "");
    }

    /** A text of no data set that is labelled with three classes. */
    public LabeledText(String text, SentimentClass label) {
        this(text, label, true);
    }

    /** A text of no data set that is labelled with two classes. */
    public LabeledText(String text, boolean positive) {
        this(text, positive ? SentimentClass.POSITIVE : SentimentClass.NEGATIVE, false);
    }

    public boolean positive() {
        return label == SentimentClass.POSITIVE;
    }

    public boolean neutral() {
        return label == SentimentClass.NEUTRAL;
    }

    /**
     * The texts of one data set: their labels say whether they have an opinion if some of them are neutral.
     *
     * @param name of the data set
     */
    public static List<LabeledText> ofOneSet(String name, List<LabeledText> texts) {
        boolean opinionLabelled = texts.stream().anyMatch(LabeledText::neutral);
        return texts.stream()
                .map(text -> new LabeledText(text.text, text.label, opinionLabelled, name))
                .toList();
    }
}
