// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

/** The bytes are not a valid model artefact; the message says what is wrong. */
public final class InvalidArtefactException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidArtefactException(String message) {
        super(message);
    }

    public InvalidArtefactException(String message, Throwable cause) {
        super(message, cause);
    }
}
