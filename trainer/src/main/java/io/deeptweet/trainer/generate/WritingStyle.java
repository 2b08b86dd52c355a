// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.generate;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.Change;
import java.util.Random;

/**
 * Writes sentences as people do: with and without capitals and full stops, with typing errors, mentions, links and
 * hashtags. The meaning stays.
 */
final class WritingStyle {
    private static final Change TYPO = new Change(Change.Kind.TYPOS, "1");
    private static final Change UPPER = new Change(Change.Kind.UPPER, "");
    private static final Change LOWER = new Change(Change.Kind.LOWER, "");

    private final SentenceTemplates words;
    private final Random random;

    /** @param words has lists of mentions, links, hashtags and codes */
    WritingStyle(SentenceTemplates words, Random random) {
        this.words = words;
        this.random = random;
    }

    /** The sentence as somebody may write it. */
    String written(String sentence, SentimentClass label) {
        String text = sentence;
        boolean plain = text.indexOf('/') < 0 && text.indexOf('@') < 0 && text.indexOf('#') < 0;
        if (plain && chance(0.12)) text = TYPO.apply(text, random);
        if (chance(0.05)) text = text.replace("'", "");
        if (plain && chance(0.08)) text = LOWER.apply(text, random);
        else if (plain && chance(0.02)) text = UPPER.apply(text, random);
        else if (chance(0.6)) text = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        if (Character.isLetterOrDigit(text.charAt(text.length() - 1)) && plain) text += end(label);
        if (chance(0.03)) text = filled("{handle} ") + " " + text;
        if (chance(0.03)) text = filled("{link}") + " " + text;
        if (chance(0.03)) text += " " + filled("{link}");
        if (chance(0.02)) text += " " + filled("{handle}");
        if (chance(0.02)) text += " " + filled("{tag}");
        if (chance(0.02)) text += " " + filled("{code}");
        return text;
    }

    /** Exclamation marks are rarer after neutral sentences. */
    private String end(SentimentClass label) {
        double draw = random.nextDouble();
        if (draw < 0.42) return ".";
        if (draw < 0.45) return "...";
        if (draw < 0.47) return "!";
        if (draw < 0.56 && label != SentimentClass.NEUTRAL) return draw < 0.53 ? "!" : "!!!";
        return "";
    }

    private String filled(String template) {
        return words.filled(template, random);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }
}
