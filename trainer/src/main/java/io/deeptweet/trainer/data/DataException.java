// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

/** Says, in a sentence for the user, why data can't be used. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }
}
