// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path folder;

    @BeforeEach
    void runAStack() {
        installation(Map.of())
                .runningStack()
                .announce(Map.of("bootstrap.servers", "running:1", "schema.registry.url", "http://running"));
    }

    @AfterEach
    void stopIt() {
        installation(Map.of()).runningStack().withdraw();
    }

    @Test
    void commandsGetTheAddressesOfTheRunningStack() {
        assertThat(installation(Map.of()).clientEnvironment())
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "running:1")
                .containsEntry("SCHEMA_REGISTRY_URL", "http://running");
    }

    /** Either variable names the registry, and the other must not be set beside it. */
    @Test
    void theEnvironmentWinsOverTheRunningStack() {
        assertThat(installation(Map.of("KAFKA_SCHEMA_REGISTRY_URL", "http://mine"))
                        .clientEnvironment())
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "running:1")
                .containsEntry("KAFKA_SCHEMA_REGISTRY_URL", "http://mine")
                .doesNotContainKey("SCHEMA_REGISTRY_URL");
        assertThat(installation(Map.of("SCHEMA_REGISTRY_URL", "http://mine", "KAFKA_BOOTSTRAP_SERVERS", "mine:1"))
                        .clientEnvironment())
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "mine:1")
                .containsEntry("SCHEMA_REGISTRY_URL", "http://mine");
    }

    private Installation installation(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(Installation.RUNNING, folder.resolve("running.properties").toString());
        return new Installation(folder, all);
    }
}
