// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which languages a feed lets pass. {@code en} lets {@code en-GB} pass too, {@code und} what is of no known language:
 * no tag at all, or one of X's for it ({@code und}, {@code zxx}, and {@code qam}, {@code qct}, {@code qht},
 * {@code qme}, {@code qst}); {@code *} is everything.
 */
public record LanguageFilter(Set<String> languages) {
    private static final String UNKNOWN = "und";

    public LanguageFilter {
        languages = Set.copyOf(languages);
    }

    /**
     * @param list languages, separated by commas, such as {@code en,und}
     * @throws IllegalArgumentException if it names none, or something that is no language
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

    /** Whether a tweet of this language passes. */
    public boolean passes(Optional<String> language) {
        if (languages.contains("*")) return true;
        String primary = language.orElse("").toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
        boolean unknown =
                primary.isBlank() || primary.equals(UNKNOWN) || primary.equals("zxx") || primary.matches("q[a-t][a-z]");
        return languages.contains(unknown ? UNKNOWN : primary);
    }
}
