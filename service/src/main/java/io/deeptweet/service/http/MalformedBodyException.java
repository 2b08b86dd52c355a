// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

/** A request body cannot be split into records. The message says why, as the end of a sentence: {@code not UTF-8}. */
public final class MalformedBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedBodyException(String message) {
        super(message);
    }
}
