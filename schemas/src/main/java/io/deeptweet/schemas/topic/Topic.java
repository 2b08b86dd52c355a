// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.util.Map;
import java.util.OptionalInt;

/**
 * One of DeepTweet's topics, with the settings with which it is created.
 *
 * @param name the topic's name
 * @param partitions how many partitions it must have; empty if the operator chooses
 * @param settings topic configuration by Kafka's names
 */
public record Topic(String name, OptionalInt partitions, Map<String, String> settings) {
    public Topic {
        settings = Map.copyOf(settings);
    }

    @Override
    public String toString() {
        return name;
    }
}
