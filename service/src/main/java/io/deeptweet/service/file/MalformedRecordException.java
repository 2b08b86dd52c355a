// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

/** A record that does not follow the rules of its format. The message says which rule, in a sentence. */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
