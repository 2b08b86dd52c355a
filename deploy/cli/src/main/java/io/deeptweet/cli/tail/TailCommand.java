// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.trainer.command.KafkaConnection;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail}: prints a topic. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints the records of a topic as they come, as text or JSON, until Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet tail scored",
            "  deploy/deeptweet tail rejected --from-beginning --max 10",
            "  deploy/deeptweet tail scored --json | jq -r 'select(.probabilities.positive > 0.95) | .text'"
        })
public final class TailCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "TOPIC", description = "One of: ${COMPLETION-CANDIDATES}.")
    private TailTopic topic;

    @Option(names = "--from-beginning", description = "Starts with the oldest record, not with the next one.")
    private boolean fromBeginning;

    @Option(names = "--max", paramLabel = "N", description = "Stops after N records.")
    private Optional<Long> max;

    @Option(names = "--until-end", description = "Stops at the end that the topic has now.")
    private boolean untilEnd;

    @Option(names = "--feed", paramLabel = "NAME", description = "Prints only records of this feed.")
    private Optional<String> feed;

    @Option(names = "--json", description = "Prints a JSON object a line.")
    private boolean json;

    /** @param installation where a running stack has left its addresses */
    public TailCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        Map<String, Object> settings = new HashMap<>(kafka.clientSettings(installation.clientEnvironment()));
        new KafkaConnection(settings).check(topic.topic());
        AvroDeserializer<SpecificRecord> decoder = new AvroDeserializer<>();
        decoder.configure(settings, false);
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(
                CommittedReader.settings(settings), new StringDeserializer(), new ByteArrayDeserializer())) {
            print(consumer, new RecordPrinter(decoder, feed, json));
        }
        return 0;
    }

    private void print(Consumer<String, byte[]> consumer, RecordPrinter printer) {
        PrintWriter out = command.commandLine().getOut();
        List<TopicPartition> partitions = CommittedReader.partitions(consumer, topic.topic());
        consumer.assign(partitions);
        if (fromBeginning) consumer.seekToBeginning(partitions);
        else consumer.seekToEnd(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long left = max.orElse(Long.MAX_VALUE);
        while (left > 0) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                Optional<String> line = left > 0 ? printer.line(record) : Optional.empty();
                if (line.isEmpty()) continue;
                out.println(line.get());
                left--;
            }
            out.flush();
            if (out.checkError()) return; // the reader, such as head, has closed the pipe
            if (untilEnd && partitions.stream().allMatch(part -> consumer.position(part) >= ends.get(part))) return;
        }
    }
}
