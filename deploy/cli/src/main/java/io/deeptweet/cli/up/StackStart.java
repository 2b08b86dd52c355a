// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.cli.up.Stack.Part;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LogLimit;
import io.deeptweet.local.SchemaRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Starts the processes of a stack. Each waits by itself for those that it needs. */
final class StackStart {
    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    private static final String REGISTRY_URL = "schema.registry.url";

    private final Installation installation;
    private final Stack stack;
    private final Path folder;
    private final PortOptions ports;
    private final Map<String, String> client;
    private final LogLimit logLimit;
    private final boolean ownBroker;
    private final boolean ownRegistry;

    /** @param given client settings; a broker and a registry that they name run already */
    StackStart(
            Installation installation,
            Stack stack,
            Path folder,
            PortOptions ports,
            LogLimit logLimit,
            Map<String, String> given) {
        this.installation = installation;
        this.stack = stack;
        this.folder = folder;
        this.ports = ports;
        this.logLimit = logLimit;
        this.client = new LinkedHashMap<>(given);
        this.ownBroker = !given.containsKey(BOOTSTRAP_SERVERS);
        this.ownRegistry = !given.containsKey(REGISTRY_URL);
    }

    /** Starts the broker; empty if one runs already. */
    Optional<Part> broker() {
        if (!ownBroker) return Optional.empty();
        KafkaBroker broker =
                KafkaBroker.launch(installation.local(), folder.resolve("broker"), ports.broker(), logLimit);
        client.put(BOOTSTRAP_SERVERS, broker.bootstrapServers());
        return Optional.of(add(new Part(
                "broker", broker.bootstrapServers(), broker.process(), broker::isReady, broker.classData(), broker)));
    }

    /** Starts the registry, unless one runs already. */
    void registry() {
        if (!ownRegistry) return;
        SchemaRegistry registry =
                SchemaRegistry.launch(installation.local(), folder.resolve("registry"), ports.registry(), logLimit);
        client.put(REGISTRY_URL, registry.url());
        add(new Part(
                "registry", registry.url(), registry.process(), registry::isReady, registry.classData(), registry));
    }

    void trainer(Map<String, String> settings) {
        service(ServiceType.TRAINER, "trainer", ports.trainer(), settings, "/models");
    }

    /** @param settings those that all instances share */
    void classifiers(int instances, Map<String, String> settings) {
        for (int port : ports.classifiers(instances)) {
            int number = ports.classifiers(instances).indexOf(port) + 1;
            String suffix = number == 1 ? "" : "" + number;
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.put("deeptweet.state-dir", folder.resolve("state" + suffix).toString());
            all.put("deeptweet.address", "localhost:" + port);
            all.put("deeptweet.trainer", "localhost:" + ports.trainer());
            service(ServiceType.CLASSIFIER, "classifier" + suffix, port, all, "/status");
        }
    }

    void ingest(Map<String, String> settings) {
        service(ServiceType.INGEST, "ingest", ports.ingest(), settings, "/feeds");
    }

    private void service(ServiceType type, String name, int port, Map<String, String> settings, String page) {
        ServiceProcess service = ServiceProcess.launch(
                installation, type, name, port, settings, Map.copyOf(client), folder, Optional.of(logLimit));
        add(new Part(
                name,
                "http://localhost:" + port + page,
                service.process(),
                service::isReady,
                service.classData(),
                service));
    }

    private Part add(Part part) {
        stack.add(part);
        return part;
    }

    /** The client settings, with the addresses of a broker and a registry that were started. */
    Map<String, String> client() {
        return client;
    }

    /** The addresses that other commands use. */
    Map<String, String> addresses(int classifiers) {
        List<Integer> classifierPorts = ports.classifiers(classifiers);
        return new LinkedHashMap<>(Map.of(
                BOOTSTRAP_SERVERS,
                client.get(BOOTSTRAP_SERVERS),
                REGISTRY_URL,
                client.get(REGISTRY_URL),
                "ingest.port",
                "" + ports.ingest(),
                "classifier.port",
                "" + classifierPorts.get(0),
                "classifier.ports",
                classifierPorts.stream().map(String::valueOf).collect(Collectors.joining(",")),
                "trainer.port",
                "" + ports.trainer(),
                "logs",
                folder.toString()));
    }
}
