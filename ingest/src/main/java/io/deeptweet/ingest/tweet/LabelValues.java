// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Sentiment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a source writes for a label. Case does not matter, and whole numbers may be written with decimals. Data sets
 * differ in their numbers: 0 is negative beside 1, but neutral beside -1 and 1.
 *
 * @param negative what stands for negative
 * @param positive what stands for positive
 */
public record LabelValues(Set<String> negative, Set<String> positive) {
    private static final Pattern WITH_DECIMALS = Pattern.compile("([+-]?\\d{1,9})\\.0{1,9}");

    /** Labels are not read. */
    public static final LabelValues NONE = new LabelValues(Set.of(), Set.of());

    /** {@code negative} and {@code positive}, {@code neg} and {@code pos}, 0 and 1, 0 and 4, -1 and 1. */
    public static final LabelValues USUAL =
            new LabelValues(List.of("negative", "neg", "0", "-1"), List.of("positive", "pos", "1", "4"));

    /** @throws IllegalArgumentException if a value stands for both */
    public LabelValues {
        negative = Set.copyOf(negative);
        positive = Set.copyOf(positive);
        for (String value : negative)
            if (positive.contains(value))
                throw new IllegalArgumentException(value + " stands for negative and for positive");
    }

    /** As the other constructor, with values as people write them. */
    public LabelValues(List<String> negative, List<String> positive) {
        this(normalized(negative), normalized(positive));
    }

    /** The sentiment that a label names; empty if it is neutral or unknown. */
    public Optional<Sentiment> read(String label) {
        String value = normalized(label);
        if (negative.contains(value)) return Optional.of(Sentiment.NEGATIVE);
        return positive.contains(value) ? Optional.of(Sentiment.POSITIVE) : Optional.empty();
    }

    private static Set<String> normalized(List<String> values) {
        return values.stream().map(LabelValues::normalized).collect(Collectors.toSet());
    }

    private static String normalized(String value) {
        String written = value.strip().toLowerCase(Locale.ROOT);
        String number = WITH_DECIMALS.matcher(written).replaceFirst("$1");
        return number.startsWith("+") ? number.substring(1) : number;
    }
}
