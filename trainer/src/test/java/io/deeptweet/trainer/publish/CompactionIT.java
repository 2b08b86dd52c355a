// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.audit.ChangeOrigin;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The broker compacts the topic: overwritten and removed records are gone, and a late reader misses nothing. */
class CompactionIT {
    private final Map<String, Object> client = FreshTopics.clientOf(LocalKafka.shared());

    @BeforeEach
    void emptyTopic() throws Exception {
        FreshTopics.recreate(client, 1, List.of(Topics.MODELS, Topics.AUDIT));
    }

    @Test
    void aLateReaderOfTheCompactedTopicGetsTheRightModels() throws Exception {
        ModelTopic keepTwo = new ModelTopic(client, Clock.systemUTC(), 2);
        List<ModelArtefact> chain = TestModels.chain(5);
        for (ModelArtefact model : chain)
            keepTwo.publish(Artefacts.published(model), true, ChangeOrigin.command("newer"));
        long before = records();

        configure(ConfigResource.Type.BROKER, "", Map.of("log.cleaner.backoff.ms", "200")); // default: 15 s
        configure(
                ConfigResource.Type.TOPIC,
                Topics.MODELS.name(),
                Map.of("segment.ms", "100", "min.cleanable.dirty.ratio", "0.001", "delete.retention.ms", "0"));
        // Only closed segments are compacted: another activation closes the one before.
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            keepTwo.activate(chain.get(3).version(), Expectation.NONE, ChangeOrigin.command("back"));
            keepTwo.activate(chain.get(4).version(), Expectation.NONE, ChangeOrigin.command("forth"));
            return records() < before / 2;
        });

        ModelLog log = new ModelTopic(client, Clock.systemUTC()).read();
        assertThat(log.activation().orElseThrow().getVersion())
                .isEqualTo(chain.get(4).version());
        assertThat(log.manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(chain.get(3).version(), chain.get(4).version());
        for (ModelArtefact kept : chain.subList(3, 5))
            assertThat(log.model(kept.version()).artefact()).isEqualTo(kept.toBytes());
    }

    private void configure(ConfigResource.Type type, String name, Map<String, String> settings) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(type, name),
                            settings.entrySet().stream()
                                    .map(setting -> new AlterConfigOp(
                                            new ConfigEntry(setting.getKey(), setting.getValue()),
                                            AlterConfigOp.OpType.SET))
                                    .toList()))
                    .all()
                    .get();
        }
    }

    /** Number of records on the topic. */
    private long records() {
        LongAdder records = new LongAdder();
        CommittedReader.readAll(client, Topics.MODELS, record -> records.increment());
        return records.sum();
    }
}
