// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static io.deeptweet.trainer.round.RoundFixture.PATIENCE;
import static io.deeptweet.trainer.round.RoundFixture.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.trainer.publish.TransactionalWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers as they are shipped, in processes of their own, that are killed. */
class TrainerFailoverIT {
    @TempDir
    private Path folder;

    private RoundFixture fixture;

    @BeforeEach
    void emptyTopics() throws Exception {
        fixture = RoundFixture.create();
    }

    @Test
    void ofTwoTrainersOneIsActiveAndTheOtherTakesOverWhenItIsKilled() throws Exception {
        Map<String, String> settings = Map.of("DEEPTWEET_ROUND_LABELS", "300");
        try (TrainerProcess first = trainer(settings).awaitState(RoundStatus.State.WAITING);
                TrainerProcess second = trainer(settings).awaitState(RoundStatus.State.STANDBY)) {
            assertThat(first.state()).isEqualTo("WAITING");
            assertThat(second.log()).contains("another trainer of the group deeptweet-trainer is active: standing by");
            assertThat(second.post("/rounds")).isEqualTo(409);
            fixture.send(labels(0, 300, true));
            fixture.awaitRounds(1);
            assertThat(first.get("/rounds")).hasSize(1);
            assertThat(second.get("/rounds")).as("rounds are read from Kafka").hasSize(1);
            first.kill();
            second.awaitState(RoundStatus.State.WAITING);
            fixture.send(labels(300, 600, true));
            fixture.awaitRounds(2);
            assertConsumedOnce(600);
        }
    }

    /** Wherever a trainer is killed, its round happened once or not at all. */
    @Test
    void aRoundHappensOnceOrNotAtAllWhereverTheTrainerIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> settings = Map.of("DEEPTWEET_ROUND_LABELS", "150", "DEEPTWEET_ROUND_EPOCHS", "2");
        int sent = 0;
        for (String moment : List.of("TRAINING", "COMMITTING", "COMMITTING", "after")) {
            try (TrainerProcess trainer = trainer(settings).awaitState(RoundStatus.State.WAITING)) {
                int before = fixture.rounds().size();
                fixture.send(labels(sent, sent + 150, true));
                sent += 150;
                if (moment.equals("after")) fixture.awaitRounds(before + 1);
                else
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> trainer.state().equals(moment)
                                    || fixture.rounds().size() > before);
                if (moment.equals("COMMITTING")) Thread.sleep(random.nextInt(400)); // anywhere in the commit
                trainer.kill();
            }
            fixture.removeMembers(); // the other test waits for the broker to do so
            assertConsistent("seed " + seed + ", killed " + moment);
        }
        int all = sent;
        try (TrainerProcess trainer = trainer(settings).awaitState(RoundStatus.State.WAITING)) {
            await().atMost(PATIENCE).until(() -> consumedLabels() == all);
        }
        assertConsumedOnce(sent);
    }

    private TrainerProcess trainer(Map<String, String> settings) {
        return new TrainerProcess(folder, fixture.kafka, settings);
    }

    /** Rounds, models and offsets belong together, whether the last round was committed or not. */
    private void assertConsistent(String when) throws Exception {
        new TransactionalWriter(fixture.client).fence(); // ends a commit that was begun
        List<TrainingRound> rounds = fixture.rounds();
        ModelLog log = fixture.models.read();
        List<String> published = rounds.stream()
                .filter(TrainingRound::getPublished)
                .map(round -> round.getCandidate().orElseThrow())
                .toList();
        assertThat(rounds)
                .as(when)
                .extracting(TrainingRound::getNumber)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, rounds.size()).boxed().toList());
        assertThat(log.manifests())
                .as(when)
                .extracting(ModelManifest::getVersion)
                .containsExactlyElementsOf(Stream.concat(Stream.of(fixture.base.version()), published.stream())
                        .toList());
        assertThat(log.activation().orElseThrow().getVersion())
                .as(when)
                .isEqualTo(published.isEmpty() ? fixture.base.version() : published.get(published.size() - 1));
        for (String version : published)
            assertThat(ModelArtefact.read(log.model(version).artefact()).version())
                    .as(when)
                    .isEqualTo(version);
        if (!rounds.isEmpty())
            assertThat(fixture.committed())
                    .as(when)
                    .isEqualTo(rounds.get(rounds.size() - 1).getConsumed());
    }

    /** Every label was consumed by one round. */
    private void assertConsumedOnce(int labels) throws Exception {
        assertConsistent("at the end");
        assertThat(consumedLabels()).isEqualTo(labels);
        try (Admin admin = Admin.create(fixture.client)) {
            Map<TopicPartition, OffsetSpec> partitions = Map.of(
                    new TopicPartition("tweets.labeled", 0),
                    OffsetSpec.latest(),
                    new TopicPartition("tweets.labeled", 1),
                    OffsetSpec.latest());
            Map<String, Long> ends = new HashMap<>();
            admin.listOffsets(partitions)
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(Integer.toString(partition.partition()), end.offset()));
            assertThat(fixture.committed()).isEqualTo(ends);
        }
    }

    private int consumedLabels() {
        return fixture.rounds().stream().mapToInt(TrainingRound::getLabels).sum();
    }
}
