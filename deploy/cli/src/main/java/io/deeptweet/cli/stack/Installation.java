// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.client.ClientDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * DeepTweet as it is installed on this machine.
 *
 * @param root the project's folder, in which the build left the services
 * @param environment environment variables
 */
public record Installation(Path root, Map<String, String> environment) {
    /**
     * Environment variable that names another file for the addresses of a running stack, so that a second stack can run
     * beside the first.
     */
    public static final String RUNNING = "DEEPTWEET_RUNNING";

    /** The folder that the script {@code deploy/deeptweet} names by the system property {@code deeptweet.root}. */
    public static Installation found() {
        Path root = Path.of(Optional.ofNullable(System.getProperty("deeptweet.root"))
                        .orElse(""))
                .toAbsolutePath();
        return new Installation(root, System.getenv());
    }

    /** The file for the addresses of a running stack. */
    public RunningStack runningStack() {
        return new RunningStack(Optional.ofNullable(environment.get(RUNNING))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .orElse(root.resolve(".deeptweet/running.properties"))
                .toAbsolutePath());
    }

    /**
     * The environment of a command that talks to Kafka: where a variable names no broker or no registry, those of the
     * running stack are named.
     */
    public Map<String, String> clientEnvironment() {
        Map<String, String> all = new HashMap<>(environment);
        Map<String, String> given = ClientDefaults.ofEnvironment(environment);
        Map<String, String> running = runningStack().addresses().orElse(Map.of());
        for (var variable : Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", "bootstrap.servers",
                        "SCHEMA_REGISTRY_URL", "schema.registry.url")
                .entrySet()) {
            String setting = variable.getValue();
            if (!given.containsKey(setting) && running.containsKey(setting))
                all.put(variable.getKey(), running.get(setting));
        }
        return all;
    }

    /** The folder with the broker and the registry. */
    public Path local() {
        return Optional.ofNullable(System.getProperty("deeptweet.local.home"))
                .map(Path::of)
                .orElse(root.resolve("deploy/local/target/local"));
    }

    /** The tweets that the project ships. */
    public Path sampleFeed() {
        return root.resolve("deploy/sample/tweets.jsonl");
    }

    /**
     * A service's jar.
     *
     * @throws StartFailedException if it was not built
     */
    public Path jar(ServiceType type) {
        Path jar = root.resolve(type.module()).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar))
            throw new StartFailedException(jar + " is missing: build the project, mvn -DskipTests package");
        return jar;
    }
}
