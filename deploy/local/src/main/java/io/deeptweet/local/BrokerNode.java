// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A broker of a cluster, its own KRaft controller.
 *
 * @param id its number in the cluster, 1 or more
 * @param port where clients connect
 * @param controllerPorts where the controllers talk, by number less 1
 * @param clusterId the same for all brokers of a cluster
 * @param settings broker settings by Kafka's names, over those that follow from the above
 */
public record BrokerNode(
        int id, int port, List<Integer> controllerPorts, String clusterId, Map<String, String> settings) {
    private static final String LISTENER = "PLAINTEXT";

    public BrokerNode {
        controllerPorts = List.copyOf(controllerPorts);
        settings = Map.copyOf(settings);
    }

    /** The only broker of a cluster, open to everybody on this machine. */
    public static BrokerNode single(int port) {
        return new BrokerNode(1, port, List.of(Ports.free()), newClusterId(), Map.of());
    }

    /** The brokers of a cluster, on free ports. */
    public static List<BrokerNode> cluster(int brokers) {
        List<Integer> controllers =
                IntStream.range(0, brokers).mapToObj(i -> Ports.free()).toList();
        String clusterId = newClusterId();
        return IntStream.rangeClosed(1, brokers)
                .mapToObj(id -> new BrokerNode(id, Ports.free(), controllers, clusterId, Map.of()))
                .toList();
    }

    /** The same broker behind TLS and passwords. */
    public BrokerNode secured(BrokerSecurity security) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(security.brokerSettings());
        all.put("listeners", listeners(BrokerSecurity.PROTOCOL));
        all.put("advertised.listeners", BrokerSecurity.PROTOCOL + "://localhost:" + port);
        return new BrokerNode(id, port, controllerPorts, clusterId, all);
    }

    /** All settings except for the folder of the records. */
    Map<String, String> properties() {
        int brokers = controllerPorts.size();
        // The brokers' own topics are replicated as Kafka does by default, as far as there are brokers.
        String replicas = Integer.toString(Math.min(brokers, 3));
        String minInSync = brokers < 3 ? "1" : "2";
        Map<String, String> properties = new HashMap<>();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(id),
                "listeners",
                listeners(LISTENER),
                "advertised.listeners",
                LISTENER + "://localhost:" + port,
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                IntStream.rangeClosed(1, brokers)
                        .mapToObj(node -> node + "@localhost:" + controllerPorts.get(node - 1))
                        .collect(Collectors.joining(","))));
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", replicas,
                "offsets.topic.num.partitions", "10",
                "transaction.state.log.replication.factor", replicas,
                "transaction.state.log.min.isr", minInSync,
                "transaction.state.log.num.partitions", "10",
                "share.coordinator.state.topic.replication.factor", replicas,
                "share.coordinator.state.topic.min.isr", minInSync,
                "default.replication.factor", replicas,
                "group.initial.rebalance.delay.ms", "0"));
        properties.putAll(settings);
        return properties;
    }

    private String listeners(String protocol) {
        return protocol + "://localhost:" + port + ",CONTROLLER://localhost:" + controllerPorts.get(id - 1);
    }

    /** As Kafka's own tool makes them: 16 random bytes in URL-safe Base64. */
    private static String newClusterId() {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
