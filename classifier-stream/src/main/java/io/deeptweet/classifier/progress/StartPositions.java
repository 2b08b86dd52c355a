// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.progress;

import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.Topics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jboss.logging.Logger;

/**
 * Sets where the stream starts to read {@code tweets.raw}, before it joins its group. The stream itself never resets an
 * offset: it would count tweets twice or skip some, and say nothing.
 *
 * @param kafka client settings: {@code bootstrap.servers}, security
 * @param applicationId names the group and the changelog of the progress
 * @param choice what happens where offsets are lost
 */
public record StartPositions(Map<String, Object> kafka, String applicationId, LostOffsets choice) {
    private static final Logger LOG = Logger.getLogger(StartPositions.class);

    /**
     * Gives each partition without an offset its first one, and checks the others.
     *
     * @throws LostOffsetsException if records would be counted again or were lost, and the choice is to stop
     * @throws RetriableException if Kafka does not answer, or another instance starts at the same time
     */
    public void ensure(Admin admin) {
        int partitions = TopicAdmin.describe(admin, Set.of(Topics.RAW.name()))
                .get(Topics.RAW.name())
                .partitions();
        // In this order, because meanwhile other instances commit offsets and retention deletes records.
        Map<TopicPartition, Long> earliest = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, OffsetAndMetadata> committed =
                TopicAdmin.await(admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> latest = offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, Position> positions = new HashMap<>();
        earliest.forEach((partition, first) -> positions.put(
                partition,
                new Position(
                        first,
                        latest.get(partition),
                        optional(Optional.ofNullable(committed.get(partition)).map(OffsetAndMetadata::offset)),
                        OptionalLong.empty())));
        if (positions.values().stream()
                .allMatch(position ->
                        position.committed().isPresent() && position.loss().isEmpty())) return;

        Map<Integer, Long> recorded = recorded(admin);
        positions.replaceAll((partition, position) ->
                position.with(optional(Optional.ofNullable(recorded.get(partition.partition())))));
        report(positions);
        Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
        positions.forEach((partition, position) ->
                position.start(choice).ifPresent(start -> starts.put(partition, new OffsetAndMetadata(start))));
        set(admin, starts);
    }

    private void report(Map<TopicPartition, Position> positions) {
        String losses = positions.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getKey().partition()))
                .flatMap(entry -> entry.getValue().loss().stream().map(loss -> entry.getKey() + ": " + loss))
                .collect(Collectors.joining("; "));
        if (losses.isEmpty()) return;
        if (choice == LostOffsets.STOP) throw new LostOffsetsException(applicationId, losses);
        LOG.warnf("starting with deeptweet.lost-offsets=%s: %s", choice.name().toLowerCase(Locale.ROOT), losses);
    }

    private void set(Admin admin, Map<TopicPartition, OffsetAndMetadata> starts) {
        try {
            TopicAdmin.await(
                    admin.alterConsumerGroupOffsets(applicationId, starts).all());
        } catch (UnknownMemberIdException | GroupNotEmptyException e) {
            throw new OtherInstanceStartsException(e);
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, int partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++)
            asked.put(new TopicPartition(Topics.RAW.name(), partition), which);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        TopicAdmin.await(admin.listOffsets(asked).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** Returns the recorded position of each partition; none before the first start. */
    private Map<Integer, Long> recorded(Admin admin) {
        Map<Integer, Long> positions = new HashMap<>();
        if (TopicAdmin.names(admin)
                .contains(ProgressRecorder.changelog(applicationId).name()))
            CommittedReader.readAll(kafka, ProgressRecorder.changelog(applicationId), record -> {
                if (record.value() != null) positions.put(record.partition(), ProgressRecorder.decode(record.value()));
            });
        return positions;
    }

    private static OptionalLong optional(Optional<Long> offset) {
        return offset.isPresent() ? OptionalLong.of(offset.get()) : OptionalLong.empty();
    }

    /**
     * What is known of a partition.
     *
     * @param earliest offset of its first record
     * @param latest offset behind its last record
     * @param committed the group's offset
     * @param recorded the stream's own record
     */
    record Position(long earliest, long latest, OptionalLong committed, OptionalLong recorded) {
        Position with(OptionalLong progress) {
            return new Position(earliest, latest, committed, progress);
        }

        /** What is lost, in words; empty if nothing is. */
        Optional<String> loss() {
            if (committed.isEmpty() && recorded.isEmpty()) return Optional.empty();
            long next = committed.orElseGet(recorded::getAsLong);
            if (next < earliest)
                return Optional.of(
                        "offsets " + next + " to " + (earliest - 1) + " were deleted before they were processed");
            if (next > latest)
                return Optional.of("records up to offset " + next + " were processed, but it ends at " + latest
                        + ": the topic was created anew or has lost records");
            return committed.isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            "the group's offset is gone; the recorded progress is offset " + next + " of " + latest);
        }

        /** Where to start; empty if the group's offset is right. */
        OptionalLong start(LostOffsets choice) {
            if (committed.isPresent() && loss().isEmpty()) return OptionalLong.empty();
            if (choice == LostOffsets.EARLIEST || (committed.isEmpty() && recorded.isEmpty()))
                return OptionalLong.of(earliest);
            long next = committed.orElseGet(recorded::getAsLong);
            return OptionalLong.of(next > latest ? earliest : Math.max(earliest, next));
        }
    }

    /** Another instance has joined the group since its offsets were read: they are right when they are read again. */
    private static final class OtherInstanceStartsException extends RetriableException {
        private static final long serialVersionUID = 1L;

        OtherInstanceStartsException(KafkaException cause) {
            super("another instance is starting", cause);
        }
    }
}
