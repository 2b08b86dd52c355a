// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.util.Locale;

/**
 * Language tags of sources: BCP 47 tags, and X's for texts whose language is unknown: {@code und}, {@code zxx} and
 * {@code qaa} to {@code qtz}, such as {@code qme} for a text of pictures only.
 */
public final class LanguageTag {
    private LanguageTag() {}

    /** The language without region and script, in lower case: {@code en} of {@code en-GB}. */
    public static String primary(String tag) {
        return tag.toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
    }

    /** Whether the tag names a language. */
    public static boolean isKnown(String tag) {
        String primary = primary(tag);
        return !primary.isBlank()
                && !primary.equals("und")
                && !primary.equals("zxx")
                && !primary.matches("q[a-t][a-z]");
    }
}
