// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

/**
 * What a request needs is not there now: a store that is being restored or has moved to another instance, or a service
 * that does not answer. Try again later.
 */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    public UnavailableException(String message) {
        this(message, true);
    }

    /** @param temporary whether it can be there within seconds */
    public UnavailableException(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    /** Whether it can be there within seconds. */
    public boolean isTemporary() {
        return temporary;
    }
}
