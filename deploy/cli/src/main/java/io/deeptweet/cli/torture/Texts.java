// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The texts of the tweets, by their number: a word with a sentiment among others without. */
final class Texts {
    private static final List<String> POSITIVE = List.of("great", "lovely", "wonderful", "happy");
    private static final List<String> NEGATIVE = List.of("awful", "terrible", "sad", "broken");
    private static final List<String> OTHER = List.of(
            "the", "train", "weather", "coffee", "monday", "meeting", "today", "my", "phone", "was", "again", "city");
    private static final int WORDS = 8;

    private Texts() {}

    static List<String> words() {
        return Stream.of(POSITIVE, NEGATIVE, OTHER).flatMap(List::stream).toList();
    }

    static boolean isPositive(int tweet) {
        return tweet % 2 == 0;
    }

    static String of(int tweet) {
        Random random = new Random(tweet);
        List<String> text = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) text.add(OTHER.get(random.nextInt(OTHER.size())));
        List<String> words = isPositive(tweet) ? POSITIVE : NEGATIVE;
        text.set(random.nextInt(WORDS), words.get(random.nextInt(words.size())));
        return String.join(" ", text);
    }
}
