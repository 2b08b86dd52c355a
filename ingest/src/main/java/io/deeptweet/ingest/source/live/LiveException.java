// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A live source's connection has failed or ended. The message is a sentence. */
final class LiveException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Interruption.Kind kind;
    private final transient Optional<Instant> notBefore;
    private final int status;

    LiveException(Interruption.Kind kind, String message) {
        this(kind, message, Optional.empty(), null);
    }

    LiveException(Interruption.Kind kind, String message, Throwable cause) {
        this(kind, message, Optional.empty(), cause);
    }

    /** @param notBefore when the server accepts the next request, if it says so */
    LiveException(Interruption.Kind kind, String message, Optional<Instant> notBefore, Throwable cause) {
        this(kind, message, notBefore, 0, cause);
    }

    /**
     * @param notBefore when the server accepts the next request, if it says so
     * @param status of the answer, such as 403; 0 if there was none
     */
    LiveException(Interruption.Kind kind, String message, Optional<Instant> notBefore, int status, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.notBefore = notBefore;
        this.status = status;
    }

    Interruption.Kind kind() {
        return kind;
    }

    Optional<Instant> notBefore() {
        return notBefore;
    }

    /** The status of the answer, such as 403; 0 if there was none. */
    int status() {
        return status;
    }
}
