// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

/** A store cannot be queried now, because it is being restored or has moved to another instance: try again later. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message) {
        super(message);
    }
}
