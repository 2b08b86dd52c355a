// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import org.apache.kafka.common.KafkaException;

/** Another process publishes the feed now. */
public final class SupersededException extends KafkaException {
    private static final long serialVersionUID = 1L;

    SupersededException(String feed) {
        super("another instance of ingest has taken over the feed " + feed
                + ": give each instance feeds of its own, or restart this one to take it back");
    }
}
