// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.TopicSetup;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Empties topics of the shared broker: a trainer's topics have fixed names. */
public final class FreshTopics {
    private FreshTopics() {}

    /** Client settings of the shared broker and registry. */
    public static Map<String, Object> clientOf(LocalKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", kafka.registryUrl());
    }

    /** Deletes these topics and creates them again. */
    public static void recreate(Map<String, Object> client, int partitions, Collection<Topic> topics) throws Exception {
        try (Admin admin = Admin.create(client)) {
            delete(admin, topics.stream().map(Topic::name).toList());
            new TopicSetup(partitions, (short) -1).ensure(admin, topics);
        }
    }

    private static void delete(Admin admin, List<String> topics) throws Exception {
        Set<String> existing = admin.listTopics().names().get();
        List<String> left = topics.stream().filter(existing::contains).toList();
        if (left.isEmpty()) return;
        admin.deleteTopics(left).all().get();
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> left.stream().noneMatch(admin.listTopics().names().get()::contains));
    }
}
