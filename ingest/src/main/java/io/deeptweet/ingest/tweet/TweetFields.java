// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.TweetKind;
import java.util.Optional;

/**
 * The fields of a tweet as the source wrote them, not checked yet.
 *
 * @param createdAt a date in one of the formats that {@link TweetDate} reads
 * @param kind {@code POST} if the source does not say
 * @param label the sentiment according to the source, see {@link LabelValues}
 * @param languageIsClaimed whether people set the language, so that a sure detection replaces it
 */
public record TweetFields(
        Optional<String> id,
        Optional<String> text,
        Optional<String> createdAt,
        Optional<String> language,
        Optional<String> author,
        TweetKind kind,
        Optional<String> label,
        boolean languageIsClaimed) {
    /** The fields of a tweet without a label, of a source whose language tags are reliable. */
    public TweetFields(
            Optional<String> id,
            Optional<String> text,
            Optional<String> createdAt,
            Optional<String> language,
            Optional<String> author,
            TweetKind kind) {
        this(id, text, createdAt, language, author, kind, Optional.empty(), false);
    }

    /** The fields of a tweet of which only the text is known. */
    public static TweetFields ofText(String text) {
        return new TweetFields(
                Optional.empty(),
                Optional.of(text),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TweetKind.POST);
    }

    /** The same fields of another kind. */
    public TweetFields withKind(TweetKind other) {
        return new TweetFields(id, text, createdAt, language, author, other, label, languageIsClaimed);
    }

    /** The same fields of a source where people set the language. */
    public TweetFields withClaimedLanguage() {
        return new TweetFields(id, text, createdAt, language, author, kind, label, true);
    }

    /** The same fields, with this id if they have none. */
    public TweetFields withDefaultId(String defaultId) {
        boolean hasId = id.filter(found -> !found.isBlank()).isPresent();
        return hasId
                ? this
                : new TweetFields(
                        Optional.of(defaultId), text, createdAt, language, author, kind, label, languageIsClaimed);
    }
}
