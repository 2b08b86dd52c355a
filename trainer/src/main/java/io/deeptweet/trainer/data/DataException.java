// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

/** Data cannot be used. The message is a sentence for the user that names the file and the reason. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }
}
