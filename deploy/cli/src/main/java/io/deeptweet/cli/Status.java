package io.deeptweet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    description = "Says what runs: services and their health, the active model, feeds, topics, and how far the classifier is behind. Exit code 3 if something is down.",
    footerHeading = "%nExamples:%n",
    footer = {"  deploy/deeptweet status", "  deploy/deeptweet status --json | jq .topics"})
final class Status implements Callable<Integer> {
  private static final Map<String, Integer> SERVICES = new TreeMap<>(Map.of("ingest", 8090, "classifier", 8091, "trainer", 8092));
  private static final Map<String, String> PATHS = Map.of("ingest", "/feeds", "classifier", "/status", "trainer", "/models");
  private static final String CLASSIFIER_GROUP = "deeptweet-classifier";

  @Spec private CommandSpec command;
  @Mixin private KafkaOptions kafka;

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
      int port = Integer.parseInt(running.getOrDefault(service.getKey() + ".port", service.getValue().toString()));
      boolean ready = Service.isReady(port);
      allReady &= ready;
      ObjectNode entry = services.putObject(service.getKey()).put("address", "http://localhost:" + port).put("ready", ready);
      try {
        entry.set("says", mapper.readTree(Service.get(port, PATHS.get(service.getKey())).body()));
      } catch (IOException e) {
        entry.put("fault", "does not answer");
      }
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

  private static void topics(Admin admin, ObjectNode topics) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(CLASSIFIER_GROUP).partitionsToOffsetAndMetadata().get();
    for (Topic topic : Topics.all()) {
      ObjectNode entry = topics.putObject(topic.name());
      try {
        var partitions = admin.describeTopics(List.of(topic.name())).allTopicNames().get().get(topic.name()).partitions().stream()
            .map(info -> new TopicPartition(topic.name(), info.partition())).toList();
        var starts = admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest()))).all().get();
        var ends = admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()))).all().get();
        entry.put("partitions", partitions.size()).put("offsets", partitions.stream().mapToLong(partition -> ends.get(partition).offset() - starts.get(partition).offset()).sum());
        if (topic.equals(Topics.RAW)) {
          entry.put("lag", partitions.stream().mapToLong(partition -> ends.get(partition).offset()
              - (committed.get(partition) == null ? starts.get(partition).offset() : committed.get(partition).offset())).sum());
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) throw e;
        entry.put("missing", true);
      }
    }
  }

  private static void print(ObjectNode status, PrintWriter out) {
    for (var service : status.path("services").properties()) {
      JsonNode says = service.getValue().path("says");
      String detail = "";
      if (service.getKey().equals("classifier") && says.isObject())
        detail = says.path("state").asText() + ", model " + says.path("activeModel").asText() + ", " + says.path("scored").asText() + " scored, " + says.path("rejected").asText() + " rejected, lag " + says.path("lag").asText();
      if (service.getKey().equals("trainer") && says.isArray()) detail = says.size() + " models";
      out.printf("%-11s %-9s %-25s %s%n", service.getKey(), service.getValue().path("ready").asBoolean() ? "ready" : service.getValue().has("fault") ? "down" : "not ready", service.getValue().path("address").asText(), Printable.harmless(detail));
      if (service.getKey().equals("ingest"))
        for (JsonNode feed : says)
          out.printf("  feed %-12s %-9s %s read, %s published, %s filtered, %s rejected %s%n", feed.path("feed").asText(), feed.path("state").asText(), feed.path("read"), feed.path("published"), feed.path("filtered"), feed.path("rejected"), Printable.harmless(feed.path("detail").asText()));
    }
    out.printf("%-11s %-9s %s%n", "broker", status.has("brokerFault") ? "down" : "ready", status.path("broker").asText());
    for (var topic : status.path("topics").properties()) {
      JsonNode entry = topic.getValue();
      out.printf("  %-20s %s%n", topic.getKey(), entry.has("missing") ? "missing" : entry.path("partitions") + " partitions, " + entry.path("offsets") + " offsets" + (entry.has("lag") ? ", classifier behind by " + entry.path("lag") : ""));
    }
  }
}
