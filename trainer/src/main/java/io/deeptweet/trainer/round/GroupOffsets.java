// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.label.LabelProgress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Converts {@link LabelProgress} to the offsets that the group of trainers commits, and back. The committed offset is
 * the one up to which rounds consumed labels; its metadata is the one up to which invalid labels were rejected.
 */
final class GroupOffsets {
    private GroupOffsets() {}

    /**
     * What a trainer starts from.
     *
     * @param rounds all rounds, by number
     * @param committed the group's offsets, by partition; null for a partition without one
     */
    static LabelProgress read(List<TrainingRound> rounds, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> learned = new HashMap<>();
        rounds.stream().filter(TrainingRound::getPublished).forEach(round -> learned.putAll(offsets(round)));
        Map<TopicPartition, Long> consumed = new HashMap<>();
        Map<TopicPartition, Long> checked = new HashMap<>();
        // The broker deletes the group's offsets if no trainer runs for a week; the last round's record stays.
        if (!rounds.isEmpty()) consumed.putAll(offsets(rounds.get(rounds.size() - 1)));
        committed.forEach((partition, offset) -> {
            if (offset == null) return;
            consumed.put(partition, offset.offset());
            checked.put(
                    partition,
                    offset.metadata().matches("\\d{1,18}") ? Long.parseLong(offset.metadata()) : offset.offset());
        });
        return new LabelProgress(learned, consumed, checked);
    }

    /** What the group commits. */
    static Map<TopicPartition, OffsetAndMetadata> of(
            Map<TopicPartition, Long> consumed, Map<TopicPartition, Long> checked) {
        Set<TopicPartition> partitions = new HashSet<>(consumed.keySet());
        partitions.addAll(checked.keySet());
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long offset = consumed.getOrDefault(partition, 0L);
            long metadata = Math.max(offset, checked.getOrDefault(partition, 0L));
            offsets.put(partition, new OffsetAndMetadata(offset, Long.toString(metadata)));
        }
        return offsets;
    }

    private static Map<TopicPartition, Long> offsets(TrainingRound round) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        round.getConsumed()
                .forEach((partition, offset) ->
                        offsets.put(new TopicPartition(Topics.LABELED.name(), Integer.parseInt(partition)), offset));
        return offsets;
    }
}
