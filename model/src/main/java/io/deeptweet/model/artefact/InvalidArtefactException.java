// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

/** Says that bytes are no model artefact of ours, and in its message what is wrong with them. */
public final class InvalidArtefactException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidArtefactException(String message) {
        super(message);
    }

    public InvalidArtefactException(String message, Throwable cause) {
        super(message, cause);
    }
}
