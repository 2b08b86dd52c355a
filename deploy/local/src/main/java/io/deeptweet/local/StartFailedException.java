// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

/**
 * A child process could not be started. The message is a sentence for the person who wanted it: what failed, and what
 * to do.
 */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
