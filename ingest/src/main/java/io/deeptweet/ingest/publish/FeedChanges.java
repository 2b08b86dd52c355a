// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.FeedDefinition;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** Where changes of feeds are written, for all instances of ingest. */
public interface FeedChanges {
    /**
     * Writes a change, and waits until it is acknowledged.
     *
     * @param definition empty to remove the feed
     * @return the record's offset
     * @throws KafkaException if Kafka or the registry refuses, or does not answer: the change may come all the same
     */
    long write(String name, Optional<FeedDefinition> definition);

    /** Waits until this instance has applied the record at this offset. False if it has not within this time. */
    boolean awaitApplied(long offset, Duration patience) throws InterruptedException;
}
