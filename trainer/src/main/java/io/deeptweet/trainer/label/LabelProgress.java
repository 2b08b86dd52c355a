// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * How far rounds have come on {@code tweets.labeled}: for each partition the offset of the first label that is still to
 * come; 0 for a partition that is missing.
 *
 * @param learned the labels before it are part of the active model
 * @param consumed the labels before it were consumed by rounds, published or not
 * @param checked the invalid labels before it are on {@code tweets.rejected}
 */
public record LabelProgress(
        Map<TopicPartition, Long> learned, Map<TopicPartition, Long> consumed, Map<TopicPartition, Long> checked) {
    /** No round has run. */
    public static final LabelProgress NONE = new LabelProgress(Map.of(), Map.of(), Map.of());

    public LabelProgress {
        learned = Map.copyOf(learned);
        consumed = Map.copyOf(consumed);
        checked = Map.copyOf(checked);
    }
}
