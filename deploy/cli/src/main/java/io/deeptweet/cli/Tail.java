// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints a topic's records as they come, readably or as JSON, until Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet tail scored",
            "  deploy/deeptweet tail rejected --from-beginning --max 10",
            "  deploy/deeptweet tail scored --json | jq -r 'select(.probability > 0.95) | .text'"
        })
final class Tail implements Callable<Integer> {
    /** What can be tailed. */
    enum Stream {
        raw(Topics.RAW),
        scored(Topics.SCORED),
        shadow(Topics.SHADOW),
        labeled(Topics.LABELED),
        windows(Topics.WINDOWS),
        drift(Topics.DRIFT),
        rejected(Topics.REJECTED),
        models(Topics.MODELS),
        rounds(Topics.ROUNDS);

        private final Topic topic;

        Stream(Topic topic) {
            this.topic = topic;
        }
    }

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "TOPIC", description = "${COMPLETION-CANDIDATES}")
    private Stream stream;

    @Option(names = "--from-beginning", description = "Start with the oldest record, not with the next.")
    private boolean fromBeginning;

    @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
    private Optional<Long> max;

    @Option(names = "--until-end", description = "Stop at the end that the topic has just now.")
    private boolean untilEnd;

    @Option(names = "--feed", paramLabel = "NAME", description = "Only records of this feed.")
    private Optional<String> feed;

    @Option(names = "--json", description = "Print a JSON object a line.")
    private boolean json;

    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        Map<String, Object> settings = new HashMap<>(kafka.client(Installation.found()));
        AvroDeserializer<SpecificRecord> decoder = new AvroDeserializer<>();
        decoder.configure(settings, false);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        settings.put("default.api.timeout.ms", "10000");
        try (Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> infos = consumer.partitionsFor(stream.topic.name());
            if (infos.isEmpty()) {
                command.commandLine()
                        .getErr()
                        .println("deeptweet: there is no topic " + stream.topic + " at "
                                + settings.get("bootstrap.servers") + ": start DeepTweet first");
                return DeepTweet.UNAVAILABLE;
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            if (fromBeginning) consumer.seekToBeginning(partitions);
            else consumer.seekToEnd(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (long printed = 0; ; ) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    Optional<String> line = line(record, decoder);
                    if (line.isEmpty()) continue;
                    out.println(json ? Printable.harmlessJson(line.get()) : line.get());
                    printed++;
                    if (max.isPresent() && printed >= max.get()) return 0;
                }
                out.flush();
                if (out.checkError()) return 0; // such as head, which has had enough
                if (untilEnd
                        && partitions.stream()
                                .allMatch(partition -> consumer.position(partition) >= ends.get(partition))) return 0;
            }
        }
    }

    /** The record as a line; empty if it is of another feed. */
    private Optional<String> line(ConsumerRecord<String, byte[]> record, AvroDeserializer<SpecificRecord> decoder) {
        if (stream == Stream.rejected)
            return feed.isPresent() && !feed.get().equals(record.key())
                    ? Optional.empty()
                    : Optional.of(rejected(record));
        SpecificRecord value;
        try {
            value = decoder.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return Optional.of("unreadable " + record.topic() + "-" + record.partition() + "@" + record.offset() + ": "
                    + Printable.harmless(e.getMessage()));
        }
        if (value == null)
            return Optional.of(
                    json
                            ? object(record).put("deleted", true).toString()
                            : "deleted   " + Printable.harmless(record.key()));
        if (feed.isPresent() && !feed.equals(feedOf(value))) return Optional.empty();
        if (json) return Optional.of(json(record, value));
        if (value instanceof Tweet tweet) return Optional.of(Printable.of(tweet));
        if (value instanceof ScoredTweet tweet) return Optional.of(Printable.of(tweet));
        if (value instanceof SentimentWindow window) return Optional.of(Printable.of(window));
        if (value instanceof DriftWindow window) return Optional.of(Printable.of(window));
        if (value instanceof LabeledTweet label) return Optional.of(Printable.of(label));
        if (value instanceof TrainingRound round) return Optional.of(Printable.of(round));
        return Optional.of(model((ModelRecord) value, record));
    }

    private static Optional<String> feedOf(SpecificRecord value) {
        if (value instanceof Tweet tweet) return Optional.of(tweet.getFeed());
        if (value instanceof ScoredTweet tweet) return Optional.of(tweet.getFeed());
        if (value instanceof SentimentWindow window) return Optional.of(window.getFeed());
        if (value instanceof DriftWindow window) return Optional.of(window.getFeed());
        if (value instanceof LabeledTweet label) return label.getFeed();
        return Optional.empty();
    }

    private String rejected(ConsumerRecord<String, byte[]> record) {
        Optional<Rejection> rejection = Rejection.readFrom(record.headers());
        byte[] bytes = record.value() == null ? new byte[0] : record.value();
        if (json) {
            ObjectNode object = object(record);
            rejection.ifPresent(found -> object.put("by", found.by())
                    .put("reason", found.reason().code())
                    .put("detail", found.detail())
                    .put("origin", found.origin()));
            return object.put("valueBase64", Base64.getEncoder().encodeToString(bytes))
                    .toString();
        }
        String text = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.UTF_8);
        return rejection
                        .map(found -> String.format(
                                "%-10s  %-13s  %-24s  %s",
                                found.by(),
                                found.reason().code(),
                                Printable.harmless(found.origin()),
                                Printable.harmless(found.detail())))
                        .orElse("without a reason")
                + "  |  " + Printable.harmless(text) + (bytes.length > 200 ? "…" : "");
    }

    private static String model(ModelRecord record, ConsumerRecord<String, byte[]> at) {
        Object content = record.getContent();
        if (content instanceof TensorChunk chunk)
            return String.format(
                    "chunk       %s  %,d bytes", at.key(), chunk.getBytes().remaining());
        if (content instanceof ModelManifest manifest)
            return String.format(
                    "model       %s  published %s, %d tensors",
                    Printable.harmless(manifest.getVersion()),
                    manifest.getPublishedAt(),
                    manifest.getTensors().size());
        Activation activation = (Activation) content;
        return String.format(
                "%-10s  %s  at %s: %s",
                at.key().equals(ModelLog.SHADOW) ? "shadow" : "activation",
                Printable.harmless(activation.getVersion()),
                activation.getActivatedAt(),
                Printable.harmless(activation.getReason()));
    }

    private ObjectNode object(ConsumerRecord<String, byte[]> record) {
        return mapper.createObjectNode()
                .put("key", record.key())
                .put("partition", record.partition())
                .put("offset", record.offset());
    }

    /** The record's fields; a chunk's bytes, which nobody reads, as their number. */
    private String json(ConsumerRecord<String, byte[]> record, SpecificRecord value) {
        if (value instanceof ModelRecord model && model.getContent() instanceof TensorChunk chunk)
            return object(record)
                    .put("sha256", chunk.getSha256())
                    .put("index", chunk.getIndex())
                    .put("bytes", chunk.getBytes().remaining())
                    .toString();
        ObjectNode object = mapper.createObjectNode();
        for (var field : value.getSchema().getFields()) {
            Object content = value.get(field.pos());
            try {
                object.set(
                        field.name(),
                        content instanceof SpecificRecord || content instanceof List<?>
                                ? mapper.readTree(content.toString())
                                : mapper.valueToTree(
                                        content instanceof Instant || content instanceof Enum<?>
                                                ? content.toString()
                                                : content));
            } catch (JsonProcessingException e) {
                object.put(field.name(), String.valueOf(content));
            }
        }
        return object.toString();
    }
}
