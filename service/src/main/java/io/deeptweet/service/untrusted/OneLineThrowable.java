// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import io.deeptweet.schemas.text.UntrustedText;

/**
 * A copy of a throwable for the log, with messages of one line. Its message names the class of the original, because a
 * log of JSON shows type and message apart.
 */
final class OneLineThrowable extends Throwable {
    private static final long serialVersionUID = 1L;

    /** A chain of causes that is longer, or a circle, is cut. */
    private static final int MOST_CAUSES = 20;

    private OneLineThrowable(Throwable original, Throwable cause) {
        super(UntrustedText.oneLine(original.toString()), cause, false, true);
        setStackTrace(original.getStackTrace());
    }

    static boolean isNeeded(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++, cause = cause.getCause()) {
            String text = cause.toString();
            if (!UntrustedText.oneLine(text).equals(text)) return true;
        }
        return cause != null;
    }

    static Throwable of(Throwable original) {
        return of(original, 1);
    }

    private static Throwable of(Throwable original, int depth) {
        Throwable cause = original.getCause();
        return new OneLineThrowable(original, cause == null || depth == MOST_CAUSES ? null : of(cause, depth + 1));
    }

    /** The class and the message of the original. */
    @Override
    public String toString() {
        return getMessage();
    }
}
