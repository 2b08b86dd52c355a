// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceStartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicSetup SETUP = new TopicSetup(2, (short) -1);

    /** The service starts before its broker. */
    @Test
    void aBrokerThatStartsLaterIsWaitedForAndATopicThatDoesNotFitEndsTheStart(@TempDir Path folder) throws Exception {
        int port = Ports.free();
        Map<String, Object> kafka = Map.of("bootstrap.servers", "localhost:" + port);
        ServiceStart first = new ServiceStart(kafka);
        CompletableFuture<Boolean> started =
                CompletableFuture.supplyAsync(() -> first.run("ingest", () -> first.awaitTopics(SETUP)));
        await().atMost(PATIENCE)
                .until(() -> first.hindrance().orElse("").startsWith("waiting for Kafka at localhost:" + port));

        try (KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder, port);
                Admin admin = Admin.create(kafka)) {
            assertThat(started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(admin.listTopics().names().get()).contains(Topics.RAW.name(), Topics.MODELS.name());

            admin.deleteTopics(List.of(Topics.SCORED.name())).all().get();
            await().atMost(PATIENCE)
                    .until(() -> !admin.listTopics().names().get().contains(Topics.SCORED.name()));
            admin.createTopics(List.of(new NewTopic(Topics.SCORED.name(), 3, (short) 1)))
                    .all()
                    .get();
            ServiceStart second = new ServiceStart(kafka);
            assertThat(second.run("classifier", () -> second.awaitTopics(SETUP)))
                    .isFalse();
            assertThat(second.hindrance().orElseThrow())
                    .contains("topic tweets.scored has partitions 3 where DeepTweet needs 2");
        }
    }
}
