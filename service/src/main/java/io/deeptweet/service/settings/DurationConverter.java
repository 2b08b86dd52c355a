// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads durations such as {@code 10s}, {@code 1m}, {@code 1h}, {@code 1d}, {@code 500ms} or {@code 1h30m}, and
 * {@code PT10S} as in ISO 8601. A number without a unit is none.
 */
public class DurationConverter implements Converter<Duration> {
    private static final long serialVersionUID = 1L;

    /** The units that ISO 8601 writes in another way. */
    private static final Pattern MILLIS_OR_DAYS = Pattern.compile("(-?\\d{1,18})(ms|d)");

    @Override
    public Duration convert(String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        try {
            Matcher number = MILLIS_OR_DAYS.matcher(text);
            if (!number.matches())
                return Duration.parse(text.startsWith("p") || text.startsWith("-p") ? text : "pt" + text);
            long count = Long.parseLong(number.group(1));
            return number.group(2).equals("ms") ? Duration.ofMillis(count) : Duration.ofDays(count);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("not a duration: " + value, e);
        }
    }
}
