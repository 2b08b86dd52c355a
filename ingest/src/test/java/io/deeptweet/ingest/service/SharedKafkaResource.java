// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.local.LocalKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The broker and the registry that all integration tests share, and the feeds that {@link ReplayIT} looks at. All
 * {@code @QuarkusTest} classes use one instance of the service.
 */
public final class SharedKafkaResource implements QuarkusTestResourceLifecycleManager {
    /** Argument with which the service replays nothing: a second replay of the same feeds would count twice. */
    static final String NO_FEEDS = "no-feeds";

    private boolean replays = true;
    private Path folder;

    @Override
    public void init(Map<String, String> arguments) {
        replays = !arguments.containsKey(NO_FEEDS);
    }

    @Override
    public Map<String, String> start() {
        LocalKafka kafka = LocalKafka.shared();
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "kafka.schema.registry.url", kafka.registryUrl(),
                "deeptweet.push.largest-batch", String.valueOf(PushIT.LARGEST_BATCH)));
        if (!replays) return settings;
        try {
            folder = Files.createTempDirectory("ingest-replay");
            settings.putAll(ReplayIT.feeds(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    @Override
    public void stop() {
        // The broker and the registry stop with the JVM.
    }
}
