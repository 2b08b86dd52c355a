// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.deeptweet.schemas.topic.TopicSetup;
import io.smallrye.config.WithDefault;

/** How topics are created that do not exist yet; the group {@code deeptweet.topics} of every service. */
public interface TopicSettings {
    @Setting(value = "Partitions of a topic that a service creates.", from = "1", to = "10000")
    @WithDefault("4")
    int partitions();

    @Setting(
            value = "Replicas of a topic that a service creates; -1 for the broker's default.",
            pattern = "-1|[1-9]\\d{0,3}",
            allowed = "1 or more, or -1 for the broker's default")
    @WithDefault("-1")
    short replicationFactor();

    @Setting("Whether topics with one replica, which are lost with one broker, are accepted on a cluster of several.")
    @WithDefault("false")
    boolean allowSingleReplica();

    default TopicSetup setup() {
        return new TopicSetup(partitions(), replicationFactor(), allowSingleReplica());
    }
}
