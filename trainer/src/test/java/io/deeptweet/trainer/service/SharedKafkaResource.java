// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.trainer.round.RoundFixture;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the trainer in {@code @QuarkusTest} classes: the shared broker and registry, and rounds that gain with
 * few labels.
 */
public final class SharedKafkaResource implements QuarkusTestResourceLifecycleManager {
    /** Most labels of a request. */
    static final int LARGEST_BATCH = 300;

    @Override
    public Map<String, String> start() {
        LocalKafka kafka = LocalKafka.shared();
        return Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "kafka.schema.registry.url",
                kafka.registryUrl(),
                "deeptweet.topics.partitions",
                "2",
                "deeptweet.publish-default",
                "false",
                "deeptweet.labels.largest-batch",
                String.valueOf(LARGEST_BATCH),
                "deeptweet.round.learning-rate",
                "0.01",
                "deeptweet.guard.behaviour", // the small model knows other words
                "false",
                "deeptweet.guard.file",
                guard().toString());
    }

    private static Path guard() {
        try {
            return RoundFixture.writeGuard(Files.createTempDirectory("guard"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // The broker and the registry stop with the JVM.
    }
}
