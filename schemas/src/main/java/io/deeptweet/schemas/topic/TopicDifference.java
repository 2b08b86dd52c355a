// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

/**
 * A difference between an existing topic and what DeepTweet would have created.
 *
 * @param topic the topic's name
 * @param setting what differs: a configuration key or {@code partitions}
 * @param found the value on the broker
 * @param wanted the value that DeepTweet uses
 * @param fatal whether DeepTweet would lose or misplace records
 */
public record TopicDifference(String topic, String setting, String found, String wanted, boolean fatal) {
    @Override
    public String toString() {
        return "topic " + topic + " has " + setting + " " + found + " where DeepTweet " + (fatal ? "needs " : "sets ")
                + wanted;
    }
}
