// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.published.InvalidModelException;
import java.util.Optional;

/**
 * What must be so for a change of the active model: whoever asks has seen it, and others may have changed it since.
 *
 * @param active the version that is active before; empty for any
 * @param next the version that is active afterwards; empty for any
 */
public record Expectation(Optional<String> active, Optional<String> next) {
    /** Nothing is expected. */
    public static final Expectation NONE = new Expectation(Optional.empty(), Optional.empty());

    /** @throws InvalidModelException if the change is another one; the message says which */
    void check(ModelChange change) throws InvalidModelException {
        if (active.isPresent() && !active.equals(change.from()))
            throw new InvalidModelException("model " + change.from().orElse("none") + " is active now, not "
                    + active.get() + ": nothing was changed");
        if (next.isPresent() && !next.get().equals(change.version()))
            throw new InvalidModelException(
                    "model " + change.version() + " would become active, not " + next.get() + ": nothing was changed");
    }
}
