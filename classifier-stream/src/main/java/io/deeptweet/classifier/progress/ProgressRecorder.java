// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.progress;

import io.deeptweet.classifier.commit.CommitStore;
import io.deeptweet.schemas.topic.Topic;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Passes records on, and records the position of each partition in a changelog, in the transaction that processes them.
 * The group's offsets are deleted when the group has had no member for some days; the changelog is not.
 */
public final class ProgressRecorder extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    /** Name of the store of positions; state is found by it. */
    private static final String STORE = "progress";

    private static final long NONE = -1;

    private long next = NONE;

    private ProgressRecorder() {}

    /** Returns the processor and its store. */
    public static ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier() {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<byte[], byte[], byte[], byte[]> get() {
                return new ProgressRecorder();
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(CommitStore.builder(STORE, Serdes.Integer(), Serdes.Long()));
            }
        };
    }

    /** Returns the changelog, with the partitions of {@code tweets.raw}. */
    static Topic changelog(String applicationId) {
        return new Topic(applicationId + "-" + STORE + "-changelog", OptionalInt.empty(), Map.of());
    }

    /** Returns the position in a value of the changelog. */
    static long decode(byte[] value) {
        return Serdes.Long().deserializer().deserialize("", value);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        next = NONE; // Kafka Streams starts a task again after a fault, and what it had processed was not committed
        int partition = context.taskId().partition();
        CommitStore<Integer, Long> store = context.getStateStore(STORE);
        store.beforeCommit(() -> {
            if (next != NONE) store.put(partition, next);
            next = NONE;
        });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        context().recordMetadata().ifPresent(metadata -> next = metadata.offset() + 1);
        context().forward(record);
    }
}
