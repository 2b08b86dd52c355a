// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.util.Optional;

/** Tells the language of a text. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface LanguageDetector {
    /** Never sure. */
    LanguageDetector NONE = text -> Optional.empty();

    /**
     * The language of a text, as an ISO 639-1 code such as {@code en}; empty unless sure.
     *
     * @param text as written, of any length, untrusted
     */
    Optional<String> detect(String text);
}
