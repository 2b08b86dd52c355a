// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import org.apache.kafka.common.errors.SerializationException;

/** A store or an internal topic has a format that only a newer release reads. */
public final class NewerFormatException extends SerializationException {
    private static final long serialVersionUID = 1L;

    NewerFormatException(String message) {
        super(message);
    }
}
