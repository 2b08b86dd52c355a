// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.Locale;

/** The classes of a text. */
public enum SentimentClass {
    NEGATIVE,
    NEUTRAL,
    POSITIVE;

    /** The name in reports, messages and JSON: in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
