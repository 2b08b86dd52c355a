// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

/** A candidate was not published, because its parent is no longer the active model. Nothing was committed. */
final class ActiveModelChangedException extends Exception {
    private static final long serialVersionUID = 1;

    ActiveModelChangedException(String parent, String active) {
        super("another model was activated meanwhile: " + active + " instead of " + parent);
    }
}
