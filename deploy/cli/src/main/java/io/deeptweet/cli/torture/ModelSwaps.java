// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.Expectation;
import io.deeptweet.trainer.publish.ModelTopic;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes two models, and activates the one and the other in turn. Rounds may publish and activate others between.
 */
final class ModelSwaps {
    static final Duration INTERVAL = Duration.ofSeconds(4);
    /** More than the rounds of a run publish, so that the two stay on the topic. */
    private static final int KEPT = 100_000;

    private final SentRecords sent;
    private final ModelTopic topic;
    private final List<PublishedModel> models;
    private int next = 1;

    ModelSwaps(Map<String, String> client, SentRecords sent) {
        this.sent = sent;
        Map<String, Object> settings = new HashMap<>(client);
        settings.putAll(Map.of(
                "max.block.ms", "10000",
                "request.timeout.ms", "8000",
                "default.api.timeout.ms", "10000",
                "transaction.timeout.ms", "5000"));
        topic = new ModelTopic(settings, Clock.systemUTC(), KEPT);
        List<ModelArtefact> pair = Models.pair(Texts.words());
        models = pair.stream().map(Artefacts::published).toList();
    }

    /** Publishes both, and activates the first. */
    void publish() {
        topic.publish(models.get(1), false, ChangeOrigin.command(""));
        topic.publish(models.get(0), true, ChangeOrigin.command("the start"));
    }

    /** Activates the other one, published again if the topic no longer has it. */
    void swap() {
        PublishedModel model = models.get(next);
        try {
            topic.activate(model.version(), Expectation.NONE, ChangeOrigin.command("a swap under fire"));
        } catch (InvalidModelException e) {
            topic.publish(model, true, ChangeOrigin.command("a swap under fire: " + e.getMessage()));
        } catch (KafkaException e) {
            return; // whether it was activated is unknown; the next swap decides
        }
        sent.activations.incrementAndGet();
        next = 1 - next;
    }
}
