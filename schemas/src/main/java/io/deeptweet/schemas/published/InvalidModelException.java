// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

/**
 * The model topic is inconsistent, or does not hold the requested version. The message names the version and the fault.
 */
public final class InvalidModelException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String message) {
        super(message);
    }
}
