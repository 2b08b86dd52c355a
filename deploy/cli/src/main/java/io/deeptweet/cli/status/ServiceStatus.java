// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the services. */
final class ServiceStatus {
    private static final List<ServiceType> ORDER =
            List.of(ServiceType.CLASSIFIER, ServiceType.INGEST, ServiceType.TRAINER);

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, String> running;
    private final List<String> down;
    private final ServiceClient client;

    /**
     * @param running addresses of the running stack; for those that are missing, the usual ones are asked
     * @param down gets a sentence for each service of this machine that is not ready
     * @param client asks them
     */
    ServiceStatus(Map<String, String> running, List<String> down, ServiceClient client) {
        this.running = running;
        this.client = client;
        this.down = down;
    }

    /** {@code {"services": {"classifier": {"address", "ready", "says", "instances"}, …}}}. */
    ObjectNode read() {
        ObjectNode status = mapper.createObjectNode();
        ObjectNode services = status.putObject("services");
        for (ServiceType service : ORDER) {
            String port = running.getOrDefault(service.label() + ".port", "" + service.defaultPort());
            ObjectNode entry = services.putObject(service.label());
            ask(service, "localhost:" + port, entry);
            if (service != ServiceType.CLASSIFIER) noteDown(service, entry);
            else addInstances(running.getOrDefault("classifier.ports", port), entry.putArray("instances"));
        }
        return status;
    }

    private void ask(ServiceType service, String address, ObjectNode entry) {
        entry.put("address", client.url(address));
        try {
            entry.set(
                    "says",
                    mapper.readTree(client.get(address, service.statusPath()).body()));
        } catch (IOException | IllegalArgumentException e) { // the latter if an instance tells a wrong address
            entry.put("fault", "does not answer");
        } catch (CommandFailedException e) { // it wants other credentials
            entry.put("fault", e.getMessage());
        }
        entry.put("ready", !entry.has("fault") && client.isReady(address));
    }

    private void noteDown(ServiceType service, ObjectNode entry) {
        if (entry.path("ready").asBoolean()) return;
        down.add(service.label() + " at " + entry.path("address").asText() + " "
                + entry.path("fault").asText("is not ready"));
    }

    /**
     * Asks each classifier that is known or that another one names. Those of this machine must be ready; others may
     * work and be out of reach from here.
     *
     * @param ports those of this machine, comma-separated
     */
    private void addInstances(String ports, ArrayNode instances) {
        Set<String> local =
                Stream.of(ports.split(",")).map(port -> "localhost:" + port).collect(Collectors.toSet());
        Deque<String> unasked = new ArrayDeque<>(new TreeSet<>(local));
        Set<String> known = new HashSet<>(local);
        while (!unasked.isEmpty()) {
            String address = unasked.poll();
            ObjectNode entry = instances.addObject();
            ask(ServiceType.CLASSIFIER, address, entry);
            if (local.contains(address)) noteDown(ServiceType.CLASSIFIER, entry);
            for (JsonNode other : entry.path("says").path("instances"))
                if (known.add(other.asText())) unasked.add(other.asText());
        }
    }
}
