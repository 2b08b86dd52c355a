// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.tweet.LanguageTag;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Passes the tweets of some languages. {@code en} passes {@code en-GB} too; {@code und} passes tweets of unknown
 * language, which have no language tag or one of X's tags for it ({@code und}, {@code zxx}, {@code qam}, {@code qct},
 * {@code qht}, {@code qme}, {@code qst}); {@code *} passes every tweet.
 *
 * @param languages lower-case ISO 639 codes, {@code und} or {@code *}
 */
public record LanguageFilter(Set<String> languages) {
    private static final String UNKNOWN = "und";

    public LanguageFilter {
        languages = Set.copyOf(languages);
    }

    /**
     * A filter from a setting.
     *
     * @param list languages separated by commas, such as {@code en,und}
     * @throws IllegalArgumentException if the list is empty or an element is not a language; the message says what to
     *     use
     */
    public static LanguageFilter of(String list) {
        Set<String> languages = Arrays.stream(list.split(","))
                .map(tag -> tag.strip().toLowerCase(Locale.ROOT))
                .filter(tag -> !tag.isEmpty())
                .collect(Collectors.toSet());
        if (languages.isEmpty() || !languages.stream().allMatch(tag -> tag.equals("*") || tag.matches("[a-z]{2,3}")))
            throw new IllegalArgumentException(
                    "use two-letter languages separated by commas, und for unknown or * for all, such as en,und");
        return new LanguageFilter(languages);
    }

    /** The list that {@link #of} reads, such as {@code en,und}. */
    @Override
    public String toString() {
        return languages.stream().sorted().collect(Collectors.joining(","));
    }

    /** Whether a tweet of this language passes. */
    public boolean passes(Optional<String> language) {
        if (languages.contains("*")) return true;
        return languages.contains(
                language.filter(LanguageTag::isKnown).map(LanguageTag::primary).orElse(UNKNOWN));
    }
}
