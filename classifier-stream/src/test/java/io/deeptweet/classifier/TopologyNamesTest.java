// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

class TopologyNamesTest extends TopologyHarness {
    /** Kafka Streams finds state and internal topics by these names: another name loses their contents. */
    @Test
    void storesAndInternalTopicsKeepTheirNames() {
        Set<String> stores = new TreeSet<>();
        Set<String> topics = new TreeSet<>();
        for (TopologyDescription.Subtopology part : topology(ids).describe().subtopologies())
            for (TopologyDescription.Node node : part.nodes()) {
                assertThat(node.name()).doesNotContainPattern("\\d{10}");
                if (node instanceof TopologyDescription.Processor processor) stores.addAll(processor.stores());
                if (node instanceof TopologyDescription.Source source) topics.addAll(source.topicSet());
                if (node instanceof TopologyDescription.Sink sink) topics.add(sink.topic());
            }
        assertThat(stores)
                .containsExactly(
                        "alert-latest",
                        "alert-volumes",
                        "alerts",
                        "drift-PT1H",
                        "drift-PT1H-times",
                        "partial-sums",
                        "progress",
                        "recent-tweets",
                        "windows-PT10S",
                        "windows-PT10S-times",
                        "windows-PT1H",
                        "windows-PT1H-times",
                        "windows-PT1M",
                        "windows-PT1M-times");
        assertThat(topics)
                .containsExactly(
                        "feeds-repartition",
                        "sentiment.alerts",
                        "sentiment.audit",
                        "sentiment.drift",
                        "sentiment.windows",
                        "tweets.raw",
                        "tweets.rejected",
                        "tweets.scored",
                        "tweets.shadow");
    }
}
