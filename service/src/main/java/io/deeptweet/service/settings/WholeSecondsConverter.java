// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.time.Duration;

/** Reads durations of whole seconds, as {@link DurationConverter} does. */
public final class WholeSecondsConverter extends DurationConverter {
    private static final long serialVersionUID = 1L;

    @Override
    public Duration convert(String value) {
        Duration duration = super.convert(value);
        if (duration.toNanosPart() != 0) throw new IllegalArgumentException("not whole seconds: " + value);
        return duration;
    }
}
