// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.topic.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks whether Kafka and the schema registry answer, before a command begins. Kafka's clients keep trying until they
 * time out, and then name neither the address nor what is wrong with it.
 */
public final class KafkaConnection {
    private static final int CONNECT_TIMEOUT_MS = 2000;

    private final String brokers;
    private final String registries;
    private final Map<String, Object> settings;

    /** @param settings client settings with {@code bootstrap.servers} and {@code schema.registry.url} */
    public KafkaConnection(Map<String, ?> settings) {
        this.settings = Map.copyOf(settings);
        this.brokers = String.valueOf(settings.get("bootstrap.servers"));
        this.registries = String.valueOf(settings.get("schema.registry.url"));
    }

    /**
     * Connects to the addresses, and asks Kafka for a topic.
     *
     * @param topic must exist
     * @throws CommandFailedException if an address is wrong, something does not answer, or the topic does not exist
     * @throws KafkaException if Kafka refuses, or a setting is wrong
     */
    public void check(Topic topic) {
        check();
        describe(topic);
    }

    /**
     * Connects to the addresses.
     *
     * @throws CommandFailedException if an address is wrong, or nothing accepts connections there
     */
    public void check() {
        String faults = Stream.of(brokerFault(), registryFault())
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) throw CommandFailedException.unreachable(faults);
    }

    /** Why Kafka cannot be reached, in a sentence; empty if a broker accepts connections. */
    public Optional<String> brokerFault() {
        return fault(split(brokers).map(KafkaConnection::broker).toList())
                .map(fault -> "Kafka at " + brokers + " cannot be reached (" + fault
                        + "): start it, or name another by --bootstrap-servers");
    }

    /** Why the schema registry cannot be reached, in a sentence; empty if one accepts connections. */
    public Optional<String> registryFault() {
        List<Address> registry =
                split(registries).map(KafkaConnection::registry).toList();
        return fault(registry)
                .map(fault -> "the schema registry at " + joined(registry) + " cannot be reached (" + fault
                        + "): start it, or name another by --registry");
    }

    private void describe(Topic topic) {
        try (Admin admin = Admin.create(settings)) {
            admin.describeTopics(List.of(topic.name())).allTopicNames().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException)
                throw CommandFailedException.unreachable("Kafka at " + brokers + " has no topic " + topic
                        + ": start the trainer, which creates it, by deeptweet up or deeptweet serve");
            if (e.getCause() instanceof TimeoutException)
                throw CommandFailedException.unreachable(brokers + " accepts connections, but does not answer as Kafka"
                        + " does: correct --bootstrap-servers, or security.protocol in --kafka-config");
            throw new KafkaException("Kafka at " + brokers + " refuses", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** One server, and how it was written. */
    private record Address(String text, String host, int port) {}

    private static Stream<String> split(String addresses) {
        return Stream.of(addresses.split(",")).map(String::strip).filter(address -> !address.isEmpty());
    }

    private static String joined(List<Address> addresses) {
        return String.join(",", addresses.stream().map(Address::text).toList());
    }

    /** {@code HOST:PORT}; as Kafka's clients do, it accepts a protocol before. */
    private static Address broker(String text) {
        return address(text, "kafka://" + text.replaceFirst("^\\w+://", ""))
                .filter(address -> address.port > 0)
                .orElseThrow(() -> CommandFailedException.usage(
                        "Kafka's address " + text + " is not HOST:PORT: use such as localhost:9092"));
    }

    private static Address registry(String text) {
        String withoutPassword = text.replaceFirst("//[^/@]*@", "//");
        return address(withoutPassword, withoutPassword)
                .filter(address -> address.text.matches("https?://.*"))
                .map(address -> address.port > 0
                        ? address
                        : new Address(address.text, address.host, address.text.startsWith("https") ? 443 : 80))
                .orElseThrow(() -> CommandFailedException.usage("the registry's address " + withoutPassword
                        + " is not a URL: use such as http://localhost:8081/apis/ccompat/v7"));
    }

    private static Optional<Address> address(String text, String url) {
        try {
            URI parsed = new URI(url).parseServerAuthority();
            return Optional.ofNullable(parsed.getHost()).map(host -> new Address(text, host, parsed.getPort()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Why none of the servers can be connected to; empty if one can. */
    private static Optional<String> fault(List<Address> addresses) {
        List<String> faults = new ArrayList<>();
        for (Address address : addresses) {
            Optional<String> fault = fault(address);
            if (fault.isEmpty()) return fault;
            faults.add((addresses.size() == 1 ? "" : address.text + ": ") + fault.get());
        }
        return Optional.of(String.join("; ", faults));
    }

    private static Optional<String> fault(Address address) {
        String fault = "";
        try {
            for (InetAddress ip : InetAddress.getAllByName(address.host)) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(ip, address.port), CONNECT_TIMEOUT_MS);
                    return Optional.empty();
                } catch (SocketTimeoutException e) {
                    fault = "no connection within " + CONNECT_TIMEOUT_MS / 1000 + " s";
                } catch (IOException e) {
                    fault = e.getMessage();
                }
            }
        } catch (UnknownHostException e) {
            fault = "there is no host " + address.host;
        }
        return Optional.of(fault);
    }
}
