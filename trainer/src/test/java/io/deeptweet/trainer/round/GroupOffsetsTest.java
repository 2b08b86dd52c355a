// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.label.LabelProgress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupOffsetsTest {
    private static final TopicPartition ZERO = new TopicPartition("tweets.labeled", 0);
    private static final TopicPartition ONE = new TopicPartition("tweets.labeled", 1);

    @Test
    void whatIsCommittedIsReadAgain() {
        Map<TopicPartition, Long> consumed = Map.of(ZERO, 5L);
        Map<TopicPartition, Long> checked = Map.of(ZERO, 9L, ONE, 3L);
        LabelProgress progress = GroupOffsets.read(List.of(), GroupOffsets.of(consumed, checked));
        assertThat(progress).isEqualTo(new LabelProgress(Map.of(), Map.of(ZERO, 5L, ONE, 0L), checked));
    }

    @Test
    void labelsThatWereConsumedAreNeverCheckedAgain() {
        assertThat(GroupOffsets.of(Map.of(ZERO, 5L), Map.of(ZERO, 3L)))
                .isEqualTo(Map.of(ZERO, new OffsetAndMetadata(5, "5")));
    }

    @Test
    void offsetsWithoutMetadataCountAsChecked() {
        assertThat(GroupOffsets.read(List.of(), Map.of(ZERO, new OffsetAndMetadata(7, "a tool wrote it")))
                        .checked())
                .isEqualTo(Map.of(ZERO, 7L));
    }

    /** The broker deletes a group's offsets when it has been empty for a week. */
    @Test
    void withoutOffsetsOfTheGroupTheLastRoundsRecordCounts() {
        Map<TopicPartition, OffsetAndMetadata> none = new HashMap<>();
        none.put(ZERO, null);
        none.put(ONE, null);
        LabelProgress progress = GroupOffsets.read(
                List.of(round(1, true, Map.of("0", 4L, "1", 2L)), round(2, false, Map.of("0", 8L, "1", 6L))), none);
        assertThat(progress)
                .isEqualTo(new LabelProgress(Map.of(ZERO, 4L, ONE, 2L), Map.of(ZERO, 8L, ONE, 6L), Map.of()));
    }

    private static TrainingRound round(int number, boolean published, Map<String, Long> consumed) {
        return new TrainingRound(
                number,
                Instant.EPOCH,
                Instant.EPOCH,
                "a test",
                "base",
                null,
                published,
                "",
                0,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                0,
                0.0,
                0L,
                consumed,
                null);
    }
}
