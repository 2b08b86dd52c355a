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

    LiveException(Interruption.Kind kind, String message) {
        this(kind, message, Optional.empty(), null);
    }

    LiveException(Interruption.Kind kind, String message, Throwable cause) {
        this(kind, message, Optional.empty(), cause);
    }

    /** @param notBefore when the server accepts the next request, if it says so */
    LiveException(Interruption.Kind kind, String message, Optional<Instant> notBefore, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.notBefore = notBefore;
    }

    Interruption.Kind kind() {
        return kind;
    }

    Optional<Instant> notBefore() {
        return notBefore;
    }
}
