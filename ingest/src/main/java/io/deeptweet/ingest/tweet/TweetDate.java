// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the dates of tweets:
 *
 * <ul>
 *   <li>ISO 8601, also with a space for the {@code T}, without seconds, with {@code +0200} or {@code +02} for an
 *       offset, and {@code UTC} or another zone's name, such as {@code CET}, for it. Without an offset it is in UTC,
 *       and a day alone begins at midnight.
 *   <li>RFC 1123, such as {@code Sun, 17 May 2009 01:30:56 GMT}
 *   <li>X's older API, such as {@code Sun May 17 01:30:56 +0000 2009}, also with the name of a zone, such as PDT
 *   <li>seconds since 1970 (9 to 11 digits), milliseconds (12 to 14) and microseconds (15 to 17)
 * </ul>
 */
public final class TweetDate {
    private static final String TIME = "(\\d\\d)(?::?(\\d\\d))?(?::?(\\d\\d)(?:[.,](\\d{1,9})\\d*)?)?";
    private static final String OFFSET = "([A-Z]{1,5}|[+-]\\d\\d(?::?\\d\\d)?)?(?:\\[[\\w/+-]{1,40}])?";
    private static final Pattern ISO = Pattern.compile(
            "(\\d{4})-?(\\d\\d)-?(\\d\\d)(?:(?:T| +)" + TIME + ")? *" + OFFSET, Pattern.CASE_INSENSITIVE);

    private static final Pattern EPOCH = Pattern.compile("(\\d{9,17})(?:\\.\\d{1,9})?");
    /** What is written in words may have a wrong day of the week, and spaces for a day of one digit. */
    private static final Pattern DAY_OF_WEEK = Pattern.compile("[A-Za-z]{3,9}(?:, *| +(?=[A-Za-z]))");

    private static final DateTimeFormatter OLD_FORMAT = words("MMM d HH:mm:ss [Z][z] yyyy");
    private static final DateTimeFormatter RFC_1123 = words("d MMM yyyy HH:mm[:ss] [Z][z]");

    private static final DateTimeFormatter NAMED_ZONE = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern(" z")
            .toFormatter(Locale.ENGLISH);

    private TweetDate() {}

    /** The date to the millisecond; empty if it has none of the formats, or is before 1970. */
    public static Optional<Instant> parse(String written) {
        return Stream.of(iso(written), epoch(written), inWords(written))
                .flatMap(Optional::stream)
                .findFirst()
                .map(instant -> instant.truncatedTo(ChronoUnit.MILLIS))
                .filter(instant -> instant.getEpochSecond() >= 0);
    }

    private static Optional<Instant> iso(String written) {
        Matcher date = ISO.matcher(written);
        if (!date.matches()) return Optional.empty();
        String day = date.group(1) + "-" + date.group(2) + "-" + date.group(3) + "T"
                + Optional.ofNullable(date.group(4)).orElse("00") + ":"
                + Optional.ofNullable(date.group(5)).orElse("00") + ":"
                + Optional.ofNullable(date.group(6)).orElse("00")
                + Optional.ofNullable(date.group(7))
                        .map(fraction -> "." + fraction)
                        .orElse("");
        String zone = Optional.ofNullable(date.group(8)).orElse("Z").toUpperCase(Locale.ROOT);
        return Character.isLetter(zone.charAt(0)) && !zone.equals("Z")
                ? parse(day + " " + zone, NAMED_ZONE)
                : parse(day + offset(zone), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private static String offset(String written) {
        if (written.equals("Z")) return written;
        String digits = written.substring(1).replace(":", "");
        return written.charAt(0) + digits.substring(0, 2) + ":" + (digits.length() > 2 ? digits.substring(2) : "00");
    }

    private static DateTimeFormatter words(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .toFormatter(Locale.ENGLISH);
    }

    private static Optional<Instant> inWords(String written) {
        Matcher day = DAY_OF_WEEK.matcher(written);
        String date = (day.lookingAt() ? written.substring(day.end()) : written).replaceAll(" +", " ");
        return parse(date, OLD_FORMAT).or(() -> parse(date, RFC_1123));
    }

    private static Optional<Instant> epoch(String written) {
        Matcher number = EPOCH.matcher(written);
        if (!number.matches()) return Optional.empty();
        String digits = number.group(1);
        TimeUnit unit = digits.length() < 12
                ? TimeUnit.SECONDS
                : digits.length() < 15 ? TimeUnit.MILLISECONDS : TimeUnit.MICROSECONDS;
        return Optional.of(Instant.ofEpochMilli(unit.toMillis(Long.parseLong(digits))));
    }

    private static Optional<Instant> parse(String written, DateTimeFormatter format) {
        try {
            return Optional.of(ZonedDateTime.parse(written, format).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
