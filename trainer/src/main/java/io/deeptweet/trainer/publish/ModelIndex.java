// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The published models, without the bytes of their tensors. Follows {@code sentiment.models}: a listing reads what was
 * written since the last one. Thread-safe.
 */
public final class ModelIndex implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Tombstones are deleted a day after they were written, so an older index might miss one. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Map<String, Object> kafka;
    private final ModelTopic models;
    private final Clock clock;
    private Optional<Following> following = Optional.empty();

    private record Following(Consumer<byte[], byte[]> consumer, ModelLog log, Instant refreshedAt) {}

    /** @param kafka client settings: {@code bootstrap.servers}, security */
    public ModelIndex(Map<String, Object> kafka, ModelTopic models, Clock clock) {
        this.kafka = Map.copyOf(kafka);
        this.models = models;
        this.clock = clock;
    }

    /**
     * All published models, in order of publication.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public synchronized List<ModelListing> list() {
        return ModelListing.of(refreshed());
    }

    /**
     * A published model's report.
     *
     * @throws KafkaException as {@link #list}
     */
    public synchronized Optional<ModelReportListing> report(String version) {
        return refreshed().manifests().stream()
                .filter(manifest -> manifest.getVersion().equals(version))
                .findFirst()
                .map(ModelReportListing::of);
    }

    private ModelLog refreshed() {
        Instant now = clock.instant();
        if (following
                .filter(last -> last.refreshedAt().plus(LONGEST_PAUSE).isBefore(now))
                .isPresent()) close();
        try {
            Following current = following.orElseGet(this::begin);
            following = Optional.of(new Following(current.consumer(), current.log(), now));
            refresh(current);
            return current.log();
        } catch (RuntimeException e) {
            close(); // the next listing starts again
            throw e;
        }
    }

    private Following begin() {
        Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka);
        following = Optional.of(new Following(consumer, models.reader().emptyLog(), Instant.EPOCH));
        consumer.assign(CommittedReader.partitions(consumer, Topics.MODELS));
        consumer.seekToBeginning(consumer.assignment());
        return following.get();
    }

    private void refresh(Following current) {
        Consumer<byte[], byte[]> consumer = current.consumer();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL))
                models.reader().index(record, current.log());
            if (System.nanoTime() > deadline)
                throw new TimeoutException("the models could not be listed within " + PATIENCE.toSeconds() + " s");
        }
    }

    @Override
    public synchronized void close() {
        following.ifPresent(current -> current.consumer().close());
        following = Optional.empty();
    }
}
