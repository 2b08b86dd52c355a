// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.definition;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Where changes of definitions are written, for all instances of a service.
 *
 * @param <T> type of the definitions
 */
public interface DefinitionChanges<T> {
    /**
     * Writes a change, and waits until it is acknowledged.
     *
     * @param definition empty to remove it
     * @return the record's offset
     * @throws KafkaException if Kafka or the registry refuses, or does not answer: the change may come all the same
     */
    long write(String name, Optional<T> definition);

    /** Waits until this instance has applied the record at this offset. False if it has not within this time. */
    boolean awaitApplied(long offset, Duration patience) throws InterruptedException;
}
