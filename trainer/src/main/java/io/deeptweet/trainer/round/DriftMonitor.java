// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.Activation;
import io.deeptweet.trainer.publish.ModelTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** Looks for drift of the active model, not more often than every 5 seconds. Not thread-safe. */
final class DriftMonitor {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final DriftTopic drift;
    private final ModelTopic models;
    private Instant lastCheck = Instant.EPOCH;

    DriftMonitor(DriftTopic drift, ModelTopic models) {
        this.drift = drift;
        this.models = models;
    }

    /**
     * The latest alarm of the active model for which no round has been started; empty if there is none, or if the last
     * check was just before.
     *
     * @param lastStart start of the last round; empty if there was none
     * @throws KafkaException if the broker or the registry does not answer
     */
    Optional<DriftAlarm> newAlarm(Optional<Instant> lastStart, Instant now) {
        if (now.isBefore(lastCheck.plus(INTERVAL))) return Optional.empty();
        lastCheck = now;
        List<DriftAlarm> alarms = drift.alarms().stream()
                .filter(alarm -> alarm.isNewSince(lastStart))
                .toList();
        if (alarms.isEmpty()) return Optional.empty();
        return models.readIndex()
                .activation()
                .map(Activation::getVersion)
                .flatMap(active -> alarms.stream()
                        .filter(alarm -> alarm.isOf(active))
                        .max(Comparator.comparing(DriftAlarm::publishedAt)));
    }
}
