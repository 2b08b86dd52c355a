// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.ClassDataArchive;
import io.deeptweet.local.LogLimit;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One of DeepTweet's services as a child process.
 *
 * @param name what messages and its log file are called, such as {@code classifier2}
 */
public record ServiceProcess(String name, int port, ChildProcess process, Optional<ClassDataArchive> classData)
        implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /**
     * Starts a service without waiting for it.
     *
     * @param settings its settings; no secrets, because a command line is visible to others
     * @param client the settings of its Kafka and registry clients, which it gets as environment variables
     * @param folder for its log; created if missing
     * @throws StartFailedException if the port is in use, the service was not built, or it cannot be started
     */
    public static ServiceProcess launch(
            Installation installation,
            ServiceType type,
            String name,
            int port,
            Map<String, String> settings,
            Map<String, String> client,
            Path folder) {
        return launch(installation, type, name, port, settings, client, folder, Optional.empty());
    }

    /** As {@link #launch(Installation, ServiceType, String, int, Map, Map, Path)}, with a limit for the log. */
    public static ServiceProcess launch(
            Installation installation,
            ServiceType type,
            String name,
            int port,
            Map<String, String> settings,
            Map<String, String> client,
            Path folder,
            Optional<LogLimit> limit) {
        Ports.requireFree(port, name);
        List<String> program = List.of("-jar", installation.jar(type).toString());
        Optional<ClassDataArchive> classData =
                ClassDataArchive.of(ClassDataArchive.in(installation.local()), type.label(), program);
        List<String> command = new ArrayList<>(type.jvmOptions());
        classData.ifPresent(archive -> command.addAll(archive.options()));
        command.addAll(List.of("-Dquarkus.http.host=localhost", "-Dquarkus.http.port=" + port));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(program);
        command.addAll(type.arguments());
        Path log = folder.resolve(name + ".log");
        Map<String, String> environment = environment(client);
        ChildProcess process = limit.isPresent()
                ? ChildProcess.java(name, command, environment, folder, log, limit.get())
                : ChildProcess.java(name, command, environment, folder, log);
        return new ServiceProcess(name, port, process, classData);
    }

    /** Waits until it is ready; fails as {@link ChildProcess#await} does. */
    public ServiceProcess awaitReady() {
        process.await(this::isReady, PATIENCE);
        return this;
    }

    public boolean isReady() {
        return ServiceClient.isReady(port);
    }

    /**
     * Client settings as the environment variables from which Quarkus reads them, such as
     * {@code KAFKA_SASL_JAAS_CONFIG}. Other users of the machine cannot see them.
     */
    static Map<String, String> environment(Map<String, String> client) {
        Map<String, String> environment = new HashMap<>();
        client.forEach((key, value) ->
                environment.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        return environment;
    }

    @Override
    public void close() {
        process.close();
        classData.ifPresent(ClassDataArchive::close);
    }
}
