// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the dates of tweets: ISO 8601 with an offset, in which a space may replace the {@code T}, and the format of X's
 * older API, such as {@code Sun May 17 01:30:56 +0000 2009}.
 */
final class TweetDate {
    private static final DateTimeFormatter OLD_FORMAT =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", Locale.ROOT);
    private static final int DATE_LENGTH = "2009-05-17".length();

    private TweetDate() {}

    /** The date to the millisecond; empty if it has none of the formats, or is before 1970. */
    static Optional<Instant> parse(String written) {
        return parse(withT(written), DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                .or(() -> parse(written, OLD_FORMAT))
                .map(instant -> instant.truncatedTo(ChronoUnit.MILLIS))
                .filter(instant -> instant.getEpochSecond() >= 0);
    }

    private static String withT(String written) {
        return written.length() > DATE_LENGTH && written.charAt(DATE_LENGTH) == ' '
                ? written.substring(0, DATE_LENGTH)
                        + 'T'
                        + written.substring(DATE_LENGTH + 1).strip()
                : written;
    }

    private static Optional<Instant> parse(String written, DateTimeFormatter format) {
        try {
            return Optional.of(OffsetDateTime.parse(written, format).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
