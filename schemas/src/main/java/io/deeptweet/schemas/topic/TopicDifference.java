// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

/**
 * A difference between an existing topic and what DeepTweet would have created.
 *
 * @param topic the topic's name
 * @param setting what differs: a configuration key, {@code partitions} or {@code replicas}
 * @param found the value on the broker
 * @param wanted the value that DeepTweet uses
 * @param fatal whether DeepTweet would lose or misplace records
 * @param remedy what to do, in the imperative
 */
public record TopicDifference(String topic, String setting, String found, String wanted, boolean fatal, String remedy) {
    @Override
    public String toString() {
        return "topic " + topic + " has " + setting + " " + found + " where DeepTweet " + (fatal ? "needs " : "sets ")
                + wanted + ": " + remedy;
    }
}
