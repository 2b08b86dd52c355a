// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.service.settings.DurationConverter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the query parameters that several resources share. */
final class QueryParameters {
    private QueryParameters() {}

    /** A query parameter that cannot be used; the message says what to send instead. */
    static final class InvalidParameterException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidParameterException(String message) {
            super(message);
        }
    }

    /** A number from 1 to the largest, at most 99,999. */
    static int limit(Optional<String> given, int usual, int largest) {
        if (given.isEmpty()) return usual;
        if (!given.get().matches("[1-9]\\d{0,4}") || Integer.parseInt(given.get()) > largest)
            throw new InvalidParameterException("limit must be 1 to " + largest);
        return Integer.parseInt(given.get());
    }

    /** {@code true} or {@code false}; without it, false. */
    static boolean yesOrNo(String name, Optional<String> given) {
        if (given.filter(value -> !value.matches("true|false")).isPresent())
            throw new InvalidParameterException(name + " must be true or false");
        return given.map(Boolean::valueOf).orElse(false);
    }

    /** A time, not before 1970. */
    static Optional<Instant> time(String name, Optional<String> given) {
        try {
            return given.map(Instant::parse).map(time -> Instant.ofEpochMilli(Math.max(0, time.toEpochMilli())));
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidParameterException(name + " must be a time in ISO 8601, such as 2026-01-31T12:00:00Z");
        }
    }

    /**
     * Reads the size of windows, such as {@code PT1M} or {@code 1m}; empty if none is given.
     *
     * @throws InvalidParameterException if there are no windows of this size
     */
    static Optional<Duration> size(Optional<String> given, List<Duration> sizes) {
        if (given.isEmpty()) return Optional.empty();
        Optional<Duration> size = Optional.empty();
        try {
            size = Optional.of(new DurationConverter().convert(given.get())).filter(sizes::contains);
        } catch (IllegalArgumentException e) {
            // answered below
        }
        if (size.isEmpty())
            throw new InvalidParameterException("size must be one of "
                    + sizes.stream().map(Duration::toString).collect(Collectors.joining(", ")));
        return size;
    }
}
