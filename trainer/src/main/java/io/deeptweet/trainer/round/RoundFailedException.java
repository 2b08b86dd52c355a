// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

/** The fine-tuning of a round failed. Nothing was committed. */
final class RoundFailedException extends Exception {
    private static final long serialVersionUID = 1;

    RoundFailedException(Throwable cause) {
        super(
                cause instanceof OutOfMemoryError ? "too little memory (" + cause.getMessage() + ")" : said(cause),
                cause);
    }

    private static String said(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
