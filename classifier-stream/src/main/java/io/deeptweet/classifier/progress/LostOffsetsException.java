// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.progress;

import org.apache.kafka.common.KafkaException;

/** Tweets would be counted again, or were deleted before they were processed: the operator decides. */
public final class LostOffsetsException extends KafkaException {
    private static final long serialVersionUID = 1L;

    LostOffsetsException(String applicationId, String losses) {
        super("the offsets of group " + applicationId + " cannot be used (" + losses
                + "): set deeptweet.lost-offsets=recorded to go on at the recorded progress, which skips what was"
                + " deleted, or deeptweet.lost-offsets=earliest to process again all that the topic holds");
    }
}
