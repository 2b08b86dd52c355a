// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Says what runs: services and their health, the models that each classifier scores with, feeds and their drift, topics, and how far the classifiers are behind.",
            "Finds every classifier that shares the work, wherever it runs, by the addresses that they tell each other. Exit code 3 if something is down."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet status",
            "  deploy/deeptweet status --json | jq .topics",
            "  deploy/deeptweet status --json | jq -r '.services.classifier.instances[] | .address + \" \" + .says.activeModel'"
        })
final class Status implements Callable<Integer> {
    private static final Map<String, Integer> SERVICES =
            new TreeMap<>(Map.of("ingest", 8090, "classifier", 8091, "trainer", 8092));
    private static final Map<String, String> PATHS =
            Map.of("ingest", "/feeds", "classifier", "/status", "trainer", "/status");
    private static final String CLASSIFIER_GROUP = "deeptweet-classifier";

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public Integer call() throws InterruptedException {
        Installation installation = Installation.found();
        Map<String, String> running = installation.running().orElse(Map.of());
        Map<String, Object> client = new HashMap<>(kafka.client(installation));
        client.put("default.api.timeout.ms", "10000");
        client.put("request.timeout.ms", "5000");

        ObjectNode status = mapper.createObjectNode();
        boolean allReady = true;
        ObjectNode services = status.putObject("services");
        for (Map.Entry<String, Integer> service : SERVICES.entrySet()) {
            int port = Integer.parseInt(running.getOrDefault(
                    service.getKey() + ".port", service.getValue().toString()));
            boolean ready = Service.isReady(port);
            allReady &= ready;
            ObjectNode entry = services.putObject(service.getKey())
                    .put("address", "http://localhost:" + port)
                    .put("ready", ready);
            ask("localhost:" + port, PATHS.get(service.getKey()), entry);
            if (service.getKey().equals("classifier"))
                allReady &= instances(
                        Arrays.asList(running.getOrDefault("classifier.ports", "" + port)
                                .split(",")),
                        entry.putArray("instances"));
        }
        status.put("broker", client.get("bootstrap.servers").toString());
        try (Admin admin = Admin.create(client)) {
            topics(admin, status.putObject("topics"));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof KafkaException)) throw new IllegalStateException(e.getCause());
            allReady = false;
            status.put("brokerFault", "Kafka does not answer: " + e.getCause().getMessage());
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) out.println(status.toPrettyString());
        else print(status, out);
        return allReady ? 0 : DeepTweet.UNAVAILABLE;
    }

    private void ask(String address, String path, ObjectNode entry) {
        try {
            entry.set("says", mapper.readTree(Service.get(address, path).body()));
        } catch (IOException | IllegalArgumentException e) { // the latter if a strange instance gives a strange address
            entry.put("fault", "does not answer");
        }
    }

    /**
     * Asks each classifier of which we know or hear.
     *
     * @param ports those of this machine
     * @return whether those of this machine are ready; others may be out of reach from here and work
     */
    private boolean instances(List<String> ports, ArrayNode instances) {
        Set<String> local = ports.stream().map(port -> "localhost:" + port).collect(Collectors.toSet());
        Deque<String> unasked = new ArrayDeque<>(new TreeSet<>(local));
        Set<String> known = new HashSet<>(local);
        boolean ready = true;
        while (!unasked.isEmpty()) {
            String address = unasked.poll();
            ObjectNode entry = instances.addObject().put("address", "http://" + address);
            ask(address, PATHS.get("classifier"), entry);
            entry.put("ready", !entry.has("fault") && Service.isReady(address));
            if (local.contains(address)) ready &= entry.path("ready").asBoolean();
            for (JsonNode other : entry.path("says").path("instances"))
                if (known.add(other.asText())) unasked.add(other.asText());
        }
        return ready;
    }

    private static void topics(Admin admin, ObjectNode topics) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(CLASSIFIER_GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        for (Topic topic : Topics.all()) {
            ObjectNode entry = topics.putObject(topic.name());
            try {
                var partitions = admin
                        .describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .get()
                        .get(topic.name())
                        .partitions()
                        .stream()
                        .map(info -> new TopicPartition(topic.name(), info.partition()))
                        .toList();
                var starts = admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest())))
                        .all()
                        .get();
                var ends = admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all()
                        .get();
                entry.put("partitions", partitions.size())
                        .put(
                                "offsets",
                                partitions.stream()
                                        .mapToLong(
                                                partition -> ends.get(partition).offset()
                                                        - starts.get(partition).offset())
                                        .sum());
                if (topic.equals(Topics.RAW)) {
                    entry.put(
                            "lag",
                            partitions.stream()
                                    .mapToLong(partition -> ends.get(partition).offset()
                                            - (committed.get(partition) == null
                                                    ? starts.get(partition).offset()
                                                    : committed.get(partition).offset()))
                                    .sum());
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) throw e;
                entry.put("missing", true);
            }
        }
    }

    /** {@code TRAINING round 3: epoch 2, 40 %; 12 new labels of 1000; round 2 published round-2-0123abcd}. */
    private static String rounds(JsonNode trainer) {
        String fault = trainer.path("fault").asText();
        JsonNode last = trainer.path("lastRound");
        return trainer.path("state").asText()
                + (trainer.path("round").asInt() == 0
                        ? ""
                        : " round " + trainer.path("round") + ": "
                                + trainer.path("step").asText())
                + (fault.isEmpty() ? "" : ": " + fault)
                + ", " + trainer.path("newLabels") + " new labels of " + trainer.path("roundAfterLabels")
                + (last.isObject()
                        ? ", round " + last.path("number")
                                + (last.path("published").asBoolean()
                                        ? " published " + last.path("candidate").asText()
                                        : " withheld")
                        : ", no round yet");
    }

    private static void print(ObjectNode status, PrintWriter out) {
        for (var service : status.path("services").properties()) {
            JsonNode says = service.getValue().path("says");
            if (service.getKey().equals("classifier")) {
                classifiers(service.getValue().path("instances"), out);
                continue;
            }
            line(
                    service.getKey(),
                    service.getValue(),
                    service.getKey().equals("trainer") && says.has("state") ? rounds(says) : "",
                    out);
            if (service.getKey().equals("ingest"))
                for (JsonNode feed : says)
                    out.printf(
                            "  feed %-12s %-9s %s read, %s published, %s filtered, %s rejected %s%n",
                            feed.path("feed").asText(),
                            feed.path("state").asText(),
                            feed.path("read"),
                            feed.path("published"),
                            feed.path("filtered"),
                            feed.path("rejected"),
                            Printable.harmless(feed.path("detail").asText()));
        }
        out.printf(
                "%-11s %-9s %s%n",
                "broker",
                status.has("brokerFault") ? "down" : "ready",
                status.path("broker").asText());
        for (var topic : status.path("topics").properties()) {
            JsonNode entry = topic.getValue();
            out.printf(
                    "  %-20s %s%n",
                    topic.getKey(),
                    entry.has("missing")
                            ? "missing"
                            : entry.path("partitions") + " partitions, " + entry.path("offsets") + " offsets"
                                    + (entry.has("lag") ? ", classifier behind by " + entry.path("lag") : ""));
        }
    }

    private static void line(String name, JsonNode entry, String detail, PrintWriter out) {
        out.printf(
                "%-11s %-9s %-25s %s%n",
                name,
                entry.path("ready").asBoolean() ? "ready" : entry.has("fault") ? "down" : "not ready",
                Printable.harmless(entry.path("address").asText()),
                Printable.harmless(detail));
    }

    private static void classifiers(JsonNode instances, PrintWriter out) {
        Set<String> models = new TreeSet<>();
        for (JsonNode instance : instances) {
            JsonNode says = instance.path("says");
            line(
                    "classifier",
                    instance,
                    says.isObject()
                            ? says.path("state").asText() + ", model "
                                    + says.path("activeModel").asText() + ", "
                                    + says.path("scored").asText() + " scored, "
                                    + says.path("rejected").asText() + " rejected, lag "
                                    + says.path("lag").asText()
                            : "",
                    out);
            JsonNode shadow = says.path("shadow");
            if (says.isObject())
                models.add(says.path("activeModel").asText()
                        + (shadow.isObject()
                                ? " with the shadow " + shadow.path("version").asText()
                                : ""));
            if (shadow.isObject())
                out.printf(
                        "  shadow %s: %s%n",
                        Printable.harmless(shadow.path("version").asText()),
                        shadow.path("compared").asLong() == 0
                                ? "nothing compared yet"
                                : String.format(
                                        Locale.ROOT,
                                        "another sentiment for %.1f %% of %,d tweets, mean difference %.3f%s",
                                        100 * shadow.path("disagreed").asDouble(),
                                        shadow.path("compared").asLong(),
                                        shadow.path("meanDifference").asDouble(),
                                        shadow.path("failed").asLong() == 0
                                                ? ""
                                                : String.format(
                                                        Locale.ROOT,
                                                        ", failed for %,d",
                                                        shadow.path("failed").asLong())));
            for (JsonNode drift : says.path("drift")) {
                List<String> alarms = new ArrayList<>();
                drift.path("alarms").forEach(alarm -> alarms.add(alarm.asText()));
                out.printf(
                        Locale.ROOT,
                        "  drift of %-12s %.1f %% of tokens unknown, %.1f %% of tweets uncertain, PSI %s, in %,d tweets from %s on%s%n",
                        Printable.harmless(drift.path("feed").asText()),
                        100 * drift.path("unknownRate").asDouble(),
                        100 * drift.path("uncertainShare").asDouble(),
                        drift.path("psi").isNumber()
                                ? String.format(
                                        Locale.ROOT, "%.2f", drift.path("psi").asDouble())
                                : "unknown",
                        drift.path("tweets").asLong(),
                        drift.path("window").asText(),
                        alarms.isEmpty() ? "" : ": drifts by " + Printable.harmless(String.join(", ", alarms)));
            }
        }
        if (models.size() > 1)
            out.println(
                    "  the classifiers score with different models: " + Printable.harmless(String.join("; ", models)));
    }
}
