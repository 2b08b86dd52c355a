// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.util.Map;

/**
 * A topic as it is on the brokers.
 *
 * @param name the topic's name
 * @param partitions how many partitions it has
 * @param replicas how many replicas its least replicated partition has
 * @param settings its configuration by Kafka's names, the brokers' defaults included
 */
public record FoundTopic(String name, int partitions, int replicas, Map<String, String> settings) {
    public FoundTopic {
        settings = Map.copyOf(settings);
    }
}
