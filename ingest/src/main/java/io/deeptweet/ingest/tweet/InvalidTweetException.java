// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.reject.Rejection.Reason;

/** A record is not a valid tweet. The message names the fault in a sentence. */
public final class InvalidTweetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public InvalidTweetException(Reason reason, String message) {
        super(message, null, false, false); // a file may hold millions of invalid records: no stack traces
        this.reason = reason;
    }

    /** The kind of fault. */
    public Reason reason() {
        return reason;
    }
}
