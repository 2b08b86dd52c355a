// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A change of a sentence.
 *
 * @param kind what is done
 * @param text what is added, or for {@link Kind#TYPOS} how many letters are exchanged
 */
public record Change(Kind kind, String text) {
    /** What is done. */
    public enum Kind {
        APPEND,
        PREPEND,
        /** Two neighbouring letters within a word are exchanged, as often as the text says. */
        TYPOS,
        UPPER,
        LOWER
    }

    /** The changed sentence. */
    public String apply(String sentence, Random random) {
        return switch (kind) {
            case APPEND -> sentence + text;
            case PREPEND -> text + sentence;
            case TYPOS -> {
                String changed = sentence;
                for (int i = 0; i < Integer.parseInt(text); i++) changed = withTypo(changed, random);
                yield changed;
            }
            case UPPER -> sentence.toUpperCase(Locale.ROOT);
            case LOWER -> sentence.toLowerCase(Locale.ROOT);
        };
    }

    /** The first letter of a word stays, as it does for most people who mistype. */
    private static String withTypo(String sentence, Random random) {
        int[] within = IntStream.range(1, sentence.length() - 1)
                .filter(i -> Character.isLetter(sentence.charAt(i - 1))
                        && Character.isLetter(sentence.charAt(i))
                        && Character.isLetter(sentence.charAt(i + 1))
                        && sentence.charAt(i) != sentence.charAt(i + 1))
                .toArray();
        if (within.length == 0) return sentence;
        int at = within[random.nextInt(within.length)];
        return sentence.substring(0, at) + sentence.charAt(at + 1) + sentence.charAt(at) + sentence.substring(at + 2);
    }
}
