// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.topic.Topics;

/** It is not known what of a source has been published. To start at its beginning would publish all of it again. */
public final class UnreadablePositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadablePositionException(String key, String fault) {
        super("the position under the key " + key + " cannot be read, " + fault
                + ": use the schema registry that it was written with, or write a tombstone for the key to "
                + Topics.POSITIONS + " to publish the source from its beginning");
    }
}
