// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the fields of tweets against the limits of {@link TweetLimits}. A tweet without a date counts as written now.
 * A tweet whose source does not tell its language gets the detected one, or none if the detection is not sure.
 */
public final class TweetParser {
    /** As Python writes a missing one. */
    private static final Set<String> NO_DATE = Set.of("", "nan", "NaN", "NaT", "None", "null");

    private final String feed;
    private final boolean datedNow;
    private final LanguageDetector languages;
    private final LabelValues labels;
    private final Clock clock;

    /** @param feed name of the feed that the tweets belong to */
    public TweetParser(String feed, LanguageDetector languages, Clock clock) {
        this(feed, false, languages, clock);
    }

    /**
     * @param feed name of the feed that the tweets belong to
     * @param datedNow whether all tweets count as written now, whatever their date is
     */
    public TweetParser(String feed, boolean datedNow, LanguageDetector languages, Clock clock) {
        this(feed, datedNow, languages, LabelValues.NONE, clock);
    }

    /**
     * @param feed name of the feed that the tweets belong to
     * @param datedNow whether all tweets count as written now, whatever their date is
     * @param labels what labels mean
     */
    public TweetParser(String feed, boolean datedNow, LanguageDetector languages, LabelValues labels, Clock clock) {
        this.feed = feed;
        this.datedNow = datedNow;
        this.languages = languages;
        this.labels = labels;
        this.clock = clock;
    }

    /** The tweet of these fields. A tweet without an id is invalid. */
    public ParsedTweet parse(TweetFields fields) {
        try {
            Tweet tweet = tweet(fields);
            return new ParsedTweet.Valid(
                    tweet,
                    fields.label()
                            .flatMap(labels::read)
                            .filter(label -> tweet.getText().length() <= TweetLimits.LONGEST_LABELED_TEXT));
        } catch (InvalidTweetException e) {
            return new ParsedTweet.Invalid(e.reason(), e.getMessage());
        }
    }

    private Tweet tweet(TweetFields fields) throws InvalidTweetException {
        String id = required(fields.id(), Reason.NO_ID, "the tweet has no id");
        String text = required(fields.text(), Reason.NO_TEXT, "the tweet has no text");
        if (text.length() > TweetLimits.LONGEST_TEXT)
            throw new InvalidTweetException(
                    Reason.TOO_LARGE,
                    "the text has " + text.length() + " characters, more than " + TweetLimits.LONGEST_TEXT);
        checkLength("id", Optional.of(id));
        checkLength("author", fields.author());
        checkLength("lang", fields.language());
        Optional<String> written = fields.createdAt().map(String::strip).filter(date -> !NO_DATE.contains(date));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Tweet(
                id.strip(),
                text,
                feed,
                language(fields, text).orElse(null),
                fields.author().filter(author -> !author.isBlank()).orElse(null),
                datedNow || written.isEmpty() ? now : date(written.get(), now),
                now,
                fields.kind());
    }

    private Optional<String> language(TweetFields fields, String text) {
        Optional<String> named = fields.language().map(String::strip).filter(language -> !language.isEmpty());
        boolean reliable = named.filter(LanguageTag::isKnown).isPresent() && !fields.languageIsClaimed();
        return reliable ? named : agreed(named, languages.detect(text));
    }

    /** The source's tag unless it contradicts: it may say more, such as {@code en-GB}. */
    private static Optional<String> agreed(Optional<String> named, Optional<String> detected) {
        boolean contradicts =
                detected.isPresent() && !named.map(LanguageTag::primary).equals(detected);
        return contradicts ? detected : named;
    }

    private static String required(Optional<String> field, Reason reason, String message) throws InvalidTweetException {
        return field.filter(value -> !value.isBlank()).orElseThrow(() -> new InvalidTweetException(reason, message));
    }

    private static void checkLength(String field, Optional<String> value) throws InvalidTweetException {
        int length = value.map(String::length).orElse(0);
        if (length > TweetLimits.LONGEST_NAME)
            throw new InvalidTweetException(
                    Reason.INVALID_FIELD,
                    "the " + field + " has " + length + " characters, more than " + TweetLimits.LONGEST_NAME);
    }

    private static Instant date(String written, Instant now) throws InvalidTweetException {
        Instant date = TweetDate.parse(written.strip())
                .orElseThrow(() -> new InvalidTweetException(
                        Reason.INVALID_FIELD,
                        "created_at is not a date from 1970 on: " + UntrustedText.quoted(written)));
        if (date.isAfter(now.plus(TweetLimits.LARGEST_CLOCK_LEAD)))
            throw new InvalidTweetException(
                    Reason.INVALID_FIELD, "created_at is in the future: " + UntrustedText.quoted(written));
        return date;
    }
}
