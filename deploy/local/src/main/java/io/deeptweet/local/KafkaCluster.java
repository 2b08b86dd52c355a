// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Several brokers on this machine, each its own KRaft controller, so that one can be killed. */
public final class KafkaCluster implements AutoCloseable {
    private final Path home;
    private final Path data;
    private final List<BrokerNode> nodes;
    private final List<KafkaBroker> brokers = new ArrayList<>();

    private KafkaCluster(Path home, Path data, List<BrokerNode> nodes) {
        this.home = home;
        this.data = data;
        this.nodes = nodes;
    }

    /**
     * Starts the brokers and waits until all of them serve.
     *
     * @param home the folder that this module's build laid out
     * @param data where they keep their records and their logs; created if missing
     */
    public static KafkaCluster start(Path home, Path data, int brokers) {
        KafkaCluster cluster = new KafkaCluster(home, data, BrokerNode.cluster(brokers));
        try {
            for (BrokerNode node : cluster.nodes) cluster.brokers.add(cluster.launch(node));
            cluster.brokers.forEach(KafkaBroker::awaitReady);
            return cluster;
        } catch (StartFailedException e) {
            cluster.close();
            throw e;
        }
    }

    /** What clients take as {@code bootstrap.servers}: all brokers. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> "localhost:" + node.port()).collect(Collectors.joining(","));
    }

    /** Ends a broker as a power cut would. */
    public void kill(int id) {
        brokers.get(id - 1).process().kill();
    }

    /** Starts a broker again that was killed, and waits until it serves. */
    public void restart(int id) {
        KafkaBroker broker = launch(nodes.get(id - 1));
        brokers.set(id - 1, broker);
        broker.awaitReady();
    }

    @Override
    public void close() {
        // All at once: two of three cannot leave the cluster in order without the first.
        brokers.parallelStream().forEach(KafkaBroker::close);
    }

    private KafkaBroker launch(BrokerNode node) {
        return KafkaBroker.launch(home, data.resolve("broker-" + node.id()), node);
    }
}
