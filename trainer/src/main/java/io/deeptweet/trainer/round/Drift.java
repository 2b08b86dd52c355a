// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.Committed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A window in which a feed drifts, as a reason for a round.
 *
 * @param window with an alarm at least
 * @param toldAt when the classifier told of it, by the broker's clock: a replay's windows may lie in any past
 */
record Drift(DriftWindow window, Instant toldAt) {
    /** What is read of each partition: of a feed that drifts the classifier tells with each commit. */
    private static final long LATEST = 2_000;

    /**
     * The windows that are alarmed now, as the end of {@code sentiment.drift} tells. A record that is no window is
     * passed over.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    static List<Drift> read(Map<String, Object> kafka, SchemaIds ids) {
        AvroDeserializer<DriftWindow> decoder = new AvroDeserializer<>(DriftWindow.class, ids);
        Map<String, Drift> drifts = new HashMap<>();
        Committed.read(kafka, Topics.DRIFT, LATEST, record -> {
            if (record.key() == null) return;
            String key = new String(record.key(), StandardCharsets.UTF_8);
            drifts.remove(key); // the last record of a key counts
            if (record.value() == null) return;
            try {
                DriftWindow window = decoder.deserialize(record.topic(), record.value());
                if (!window.getAlarms().isEmpty())
                    drifts.put(key, new Drift(window, Instant.ofEpochMilli(record.timestamp())));
            } catch (SerializationException e) {
                // A stranger's record is no reason not to see the others.
            }
        });
        return List.copyOf(drifts.values());
    }

    /**
     * Whether no round knew of it: it was told a window's length or more after the last round had started, when the
     * window of that moment was over. So no window starts two rounds, however often it is told or read, and there are
     * no more of them than windows.
     *
     * @param lastStart of the last round; empty if there was none
     */
    boolean isNewSince(Optional<Instant> lastStart) {
        Duration length = Duration.between(window.getStart(), window.getEnd());
        return lastStart.filter(start -> toldAt.isBefore(start.plus(length))).isEmpty();
    }

    /** Whether it is that version's alone: what others scored says nothing of it. */
    boolean isOf(String version) {
        return window.getModelVersions().keySet().equals(Set.of(version));
    }

    /** The feed, by what it drifts, and when, on one line whatever a stranger called it. */
    @Override
    public String toString() {
        return RoundTrigger.oneLine("the feed " + window.getFeed() + " drifts by "
                + String.join(", ", window.getAlarms()) + " from " + window.getStart() + " to " + window.getEnd());
    }
}
