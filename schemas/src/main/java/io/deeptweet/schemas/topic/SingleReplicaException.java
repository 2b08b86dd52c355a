// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import org.apache.kafka.common.errors.InvalidConfigurationException;

/** A topic would be lost with one broker, although the cluster has others. */
public final class SingleReplicaException extends InvalidConfigurationException {
    private static final long serialVersionUID = 1L;

    SingleReplicaException(String topic, int brokers) {
        super("topic " + topic + " would get one replica on " + brokers + " brokers, and be lost with one of them: set"
                + " deeptweet.topics.replication-factor, such as to 3, or deeptweet.topics.allow-single-replica=true");
    }
}
