// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static io.deeptweet.trainer.round.RoundFixture.PATIENCE;
import static io.deeptweet.trainer.round.RoundFixture.label;
import static io.deeptweet.trainer.round.RoundFixture.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.PairedResult;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.trainer.audit.AuditListing;
import io.deeptweet.trainer.audit.AuditTopic;
import io.deeptweet.trainer.label.LabelStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds on a real broker and a real registry. */
class RoundRunnerIT {
    private RoundFixture fixture;

    @BeforeEach
    void emptyTopics() throws Exception {
        fixture = RoundFixture.create();
    }

    @Test
    void labelsBecomeABetterModelThatIsActivated() throws Exception {
        try (TestRunner runner = TestRunner.start(fixture, 500)) {
            runner.await(RoundStatus.State.WAITING);
            fixture.send(labels(0, 600, true));
            TrainingRound round = fixture.awaitRounds(1).get(0);
            assertThat(round.getPublished()).as(round.toString()).isTrue();
            assertThat(round.getLabels()).isBetween(500, 600);
            assertThat(round.getParent()).isEqualTo(fixture.base.version());
            PairedResult heldOut = round.getHeldOut().orElseThrow();
            assertThat(heldOut.getCandidateAccuracy()).isGreaterThan(heldOut.getActiveAccuracy() + 0.2);
            assertThat(round.getBecause()).startsWith("significant gain on").contains("guard set of 40 texts");

            ModelLog log = fixture.models.read();
            Activation active = log.activation().orElseThrow();
            assertThat(active.getVersion())
                    .isEqualTo(round.getCandidate().orElseThrow())
                    .startsWith("round-1-");
            assertThat(active.getReason()).isEqualTo(round.getBecause());
            assertThat(active.getPrevious()).contains(fixture.base.version());
            assertThat(lastAudit())
                    .isEqualTo(new AuditListing(
                            lastAudit().at(),
                            "published",
                            active.getVersion(),
                            fixture.base.version(),
                            active.getVersion(),
                            "round",
                            "round 1",
                            round.getBecause()));
            ModelArtefact tuned =
                    ModelArtefact.read(log.model(active.getVersion()).artefact());
            assertThat(tuned.parent()).contains(fixture.base.version());
            assertThat(tuned.report()).contains("\"decision\":{\"published\":true");
            assertThat(KernelScorer.of(tuned).score("my day is lovely").sentiment())
                    .isEqualTo(SentimentClass.POSITIVE);
            assertThat(KernelScorer.of(tuned).score("my day is horrid").sentiment())
                    .isEqualTo(SentimentClass.NEGATIVE);

            long all = fixture.base.file().tensors().stream()
                    .mapToLong(tensor -> tensor.bytes().length)
                    .sum();
            assertThat(round.getBytes())
                    .as("the embedding and the vocabulary are not sent again")
                    .isPositive()
                    .isLessThan(all / 2);
            assertThat(fixture.committed()).isEqualTo(round.getConsumed());
            assertThat(round.getReport().orElseThrow()).contains("\"because\":\"" + round.getBecause() + "\"");
            await().atMost(PATIENCE).until(() -> runner.observer.rounds.equals(List.of(round)));
            await().atMost(PATIENCE).until(() -> runner.observer.count(LabelStore.Outcome.ADDED) == 600);
        }
    }

    private AuditListing lastAudit() {
        return new AuditTopic(fixture.client, SchemaIds.ofRegistry(fixture.client))
                .page(OptionalLong.empty(), 1)
                .records()
                .get(0);
    }

    /** With random labels there is nothing to learn. */
    @Test
    void aCandidateThatIsNotBetterIsWithheldAndItsLabelsAreConsumed() throws Exception {
        try (TestRunner runner = TestRunner.start(fixture, 300)) {
            runner.await(RoundStatus.State.WAITING);
            fixture.send(labels(0, 300, false));
            TrainingRound round = fixture.awaitRounds(1).get(0);
            assertThat(round.getPublished()).as(round.toString()).isFalse();
            assertThat(round.getBecause()).startsWith("no significant gain on");
            assertThat(round.getBytes()).isZero();
            assertThat(fixture.activeVersion()).isEqualTo(fixture.base.version());
            assertThat(fixture.models.read().manifests()).hasSize(1);
            assertThat(lastAudit())
                    .isEqualTo(new AuditListing(
                            round.getEndedAt().toString(),
                            "withheld",
                            round.getCandidate().orElseThrow(),
                            fixture.base.version(),
                            "",
                            "round",
                            "round 1",
                            round.getBecause()));
            assertThat(fixture.committed()).isEqualTo(round.getConsumed());
            assertThat(round.getReport().orElseThrow()).contains("\"decision\":{\"published\":false");
            runner.await(RoundStatus.State.WAITING);
            assertThat(runner.request("a test"))
                    .as("its labels are no longer new")
                    .isEqualTo(RoundRequest.NO_LABELS);
        }
    }

    /** A trainer that starts again reads the invalid labels again. */
    @Test
    void invalidLabelsAreRejectedOnceWithAReason() throws Exception {
        try (TestRunner runner = TestRunner.start(fixture, 100_000)) {
            runner.await(RoundStatus.State.WAITING);
            fixture.sendBytes("broken", new byte[] {1, 2, 3});
            fixture.sendBytes(null, new byte[] {1, 2, 3});
            fixture.send(List.of(
                    label("future", "from the future", true, Instant.now().plus(Duration.ofDays(3))),
                    label("silent", " ", true),
                    label("good", "a good one", true)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(fixture.rejected())
                            .extracting(record -> record.rejection().reason())
                            .containsExactlyInAnyOrder(
                                    Rejection.Reason.UNDECODABLE,
                                    Rejection.Reason.NO_ID,
                                    Rejection.Reason.INVALID_FIELD,
                                    Rejection.Reason.NO_TEXT));
            assertThat(fixture.rejected()).allSatisfy(record -> {
                assertThat(record.rejection().by()).isEqualTo("trainer");
                assertThat(record.rejection().origin()).matches("tweets\\.labeled-[01]@\\d+");
            });
            assertThat(fixture.rejected())
                    .filteredOn(record -> record.rejection().reason() == Rejection.Reason.UNDECODABLE)
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).containsExactly(1, 2, 3));
            assertThat(runner.observer.rejections)
                    .filteredOn(rejection -> rejection.reason() == Rejection.Reason.UNDECODABLE)
                    .hasSize(1);
            runner.awaitNewLabels(1);
        }
        try (TestRunner again = TestRunner.start(fixture, 100_000)) {
            again.await(RoundStatus.State.WAITING);
            fixture.sendBytes("large", new byte[5_000_000]);
            await().atMost(PATIENCE).until(() -> fixture.rejected().size() >= 5);
            assertThat(fixture.rejected())
                    .hasSize(5)
                    .filteredOn(record -> record.value().length == RejectedCopy.LARGEST_VALUE)
                    .hasSize(1);
            assertThat(again.status().newLabels())
                    .as("no round has consumed it")
                    .isEqualTo(1);
        }
    }

    @Test
    void labelsRemovedByATombstoneAreNotTrainedOn() throws Exception {
        try (TestRunner runner = TestRunner.start(fixture, 1_000)) {
            runner.await(RoundStatus.State.WAITING);
            fixture.send(labels(0, 300, true));
            runner.awaitNewLabels(300);
            for (int i = 0; i < 100; i++) fixture.sendBytes("t" + i, null);
            runner.awaitNewLabels(200);
            assertThat(runner.request("requested by a test")).isEqualTo(RoundRequest.STARTING);
            TrainingRound round = fixture.awaitRounds(1).get(0);
            assertThat(round.getLabels()).isEqualTo(200);
            assertThat(round.getStartedBecause()).isEqualTo("requested by a test");
            assertThat(runner.observer.removed.get()).isEqualTo(100);
        }
    }

    /**
     * The alarm of a version that is no longer active starts no round, and one that started a round starts no other,
     * whichever trainer reads it again.
     */
    @Test
    void driftOfTheActiveModelStartsOneRoundBeforeThereAreEnoughLabels() throws Exception {
        try (TestRunner runner = TestRunner.start(fixture, 1_000)) {
            runner.await(RoundStatus.State.WAITING);
            sendDrift("earlier", "older-00000000", List.of("psi"));
            sendDrift("calm", fixture.base.version(), List.of("psi"));
            sendDrift("calm", fixture.base.version(), List.of());
            fixture.send(labels(0, 300, true));
            runner.awaitNewLabels(300);
            sendDrift("election", fixture.base.version(), List.of("unknown"));
            TrainingRound round = fixture.awaitRounds(1).get(0);
            assertThat(round.getStartedBecause())
                    .isEqualTo("300 new labels, and feed election drifts (unknown) from 2024-08-15T22:00:00Z"
                            + " to 2024-08-15T23:00:00Z");
            assertThat(round.getLabels()).isEqualTo(300);
            assertThat(round.getPublished()).as(round.toString()).isTrue();
        }
        try (TestRunner again = TestRunner.start(fixture, 1_000)) {
            again.await(RoundStatus.State.WAITING);
            sendDrift("election", fixture.activeVersion(), List.of("unknown"));
            fixture.send(labels(300, 400, true));
            again.awaitNewLabels(100);
            Instant threeChecksLater = again.clock.instant().plusSeconds(15);
            await().atMost(PATIENCE)
                    .failFast("a second round", () -> again.status().state() == RoundStatus.State.TRAINING)
                    .until(() -> again.clock.instant().isAfter(threeChecksLater));
            assertThat(fixture.rounds()).hasSize(1);
        }
    }

    private void sendDrift(String feed, String version, List<String> alarms) throws Exception {
        Instant start = Instant.parse("2024-08-15T22:00:00Z");
        fixture.send(
                "sentiment.drift",
                drift -> drift.getFeed() + "/PT1H/" + drift.getStart(),
                new DriftWindow(
                        feed,
                        start,
                        start.plus(Duration.ofHours(1)),
                        400L,
                        0.3,
                        0.1,
                        new ClassHistograms(List.of(), List.of(), Collections.nCopies(10, 40L)),
                        0.4,
                        Map.of(version, 400L),
                        alarms));
    }
}
