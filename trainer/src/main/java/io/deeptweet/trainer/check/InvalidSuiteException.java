// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

/** A file of behavioural tests cannot be used; the message says where and why. */
public final class InvalidSuiteException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidSuiteException(String message) {
        super(message);
    }
}
