// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** The topics of a measurement. */
final class BenchTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Object> client;

    BenchTopics(Map<String, Object> client) {
        this.client = client;
    }

    /** Deletes the topics of an earlier measurement, except the models, and creates new ones. */
    void renew(int partitions) throws InterruptedException {
        List<String> streams = Topics.all().stream()
                .filter(topic -> !topic.equals(Topics.MODELS))
                .map(Topic::name)
                .toList();
        try (Admin admin = Admin.create(client)) {
            Set<String> names = get(admin.listTopics().names());
            get(admin.deleteTopics(names.stream()
                            .filter(name -> streams.contains(name) || name.startsWith("bench-"))
                            .toList())
                    .all());
            for (long deadline = System.nanoTime() + PATIENCE.toNanos();
                    get(admin.listTopics().names()).stream().anyMatch(streams::contains);
                    Thread.sleep(100))
                if (System.nanoTime() > deadline)
                    throw new StartFailedException("the broker does not delete the topics of an earlier measurement");
            new TopicSetup(partitions, (short) -1, true).ensure(admin);
        }
    }

    /** The size of a topic on disk. */
    long bytes(Topic topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            return get(admin.describeLogDirs(List.of(1)).allDescriptions()).values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(topic.name()))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
