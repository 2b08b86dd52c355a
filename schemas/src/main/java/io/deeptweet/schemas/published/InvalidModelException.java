// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

/**
 * The model topic does not hold what it says it holds, or what is asked of it. The message says what is wrong, and with
 * which version.
 */
public final class InvalidModelException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String message) {
        super(message);
    }
}
