// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

/**
 * A named stream of tweets: windows are grouped by its name.
 *
 * @param name lower-case letters, digits, {@code .}, {@code _} and {@code -}, at most 64
 * @param languages what it lets pass
 */
public record Feed(String name, LanguageFilter languages) {
    private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";

    /** @throws IllegalArgumentException if the name is not allowed */
    public Feed {
        if (!isName(name))
            throw new IllegalArgumentException(
                    "a feed's name is 1 to 64 lower-case letters, digits, '.', '_' and '-', and starts with a letter or digit");
    }

    /** Whether a feed may have this name. */
    public static boolean isName(String name) {
        return name.matches(NAME);
    }
}
