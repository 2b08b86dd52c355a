// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.classifier.TestModels;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReloaderTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final class RecordingModelObserver implements ModelReloader.Observer {
        private final List<String> swaps = new ArrayList<>();
        private final List<String> shadows = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();

        @Override
        public void swapped(Optional<String> from, String to, Duration took) {
            swaps.add(from.orElse("none") + " → " + to);
        }

        @Override
        public void shadowed(Optional<String> from, Optional<String> to, Duration took) {
            shadows.add(from.orElse("none") + " → " + to.orElse("none"));
        }

        @Override
        public void refused(String reason) {
            refusals.add(reason);
        }
    }

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel better = TestModels.published(TestModels.constant("better", 0.25));
    private final ActiveModel active = new ActiveModel();
    private final RecordingModelObserver observer = new RecordingModelObserver();
    private final ModelReferences references = new ModelReferences();
    private final ModelReloader reloader = new ModelReloader(active, references, observer);
    private int offset;

    @Test
    void aPublishedModelDoesNotScoreBeforeItIsActivated() {
        publish(good);
        reloader.settle();
        assertThat(active.version()).isEmpty();
        assertThat(observer.refusals).isEmpty();
    }

    @Test
    void anActivatedModelScores() {
        publish(good);
        activate(good.version());
        assertThat(active.version()).contains(good.version());
        assertThat(active.current().score("any").polarity()).isCloseTo(0.75f, within(1e-6f));
        assertThat(observer.swaps).containsExactly("none → " + good.version());
    }

    @Test
    void onlyTheLastOfSeveralActivationsIsBuilt() {
        publish(good);
        publish(better);
        reloader.apply(ModelLog.ACTIVE, Optional.of(activation("unknown")));
        reloader.apply(ModelLog.ACTIVE, Optional.of(activation(good.version())));
        activate(better.version());
        assertThat(observer.swaps).containsExactly("none → " + better.version());
        assertThat(observer.refusals).isEmpty();
    }

    @Test
    void activatingTheActiveModelChangesNothing() {
        publish(good);
        activate(good.version());
        var scorer = active.current();
        activate(good.version());
        assertThat(active.current()).isSameAs(scorer);
        assertThat(observer.swaps).hasSize(1);
    }

    @Test
    void activatingAnOlderModelRollsBack() {
        publish(good);
        activate(good.version());
        publish(better);
        activate(better.version());
        activate(good.version());
        assertThat(active.version()).contains(good.version());
        assertThat(observer.swaps).hasSize(3);
    }

    @Test
    void aModelThatFailsAtTooManyTweetsIsReplacedByTheOneBeforeUntilItIsActivatedAgain() {
        publish(good);
        activate(good.version());
        publish(better);
        activate(better.version());
        fail(20);
        reloader.settle();
        assertThat(active.version()).contains(better.version());

        fail(1);
        reloader.settle();
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals)
                .containsExactly("model " + better.version() + " fails at too many tweets; " + good.version()
                        + " scores again, until a model is activated");
        reloader.settle();
        assertThat(active.version()).contains(good.version());

        reloader.apply(
                ModelLog.ACTIVE,
                Optional.of(new ModelRecord(new Activation(better.version(), NOW.plusSeconds(1), "test", null))));
        reloader.settle();
        assertThat(active.version()).contains(better.version());
    }

    /** As after a restart: the process has not seen the model before. */
    @Test
    void withoutAModelBeforeItTheParentScores() {
        PublishedModel child =
                new PublishedModel(better.version(), Optional.of(good.version()), better.header(), better.tensors());
        publish(good);
        publish(child);
        activate(child.version());
        fail(21);
        reloader.settle();
        assertThat(active.version()).contains(good.version());
    }

    @Test
    void aFailingModelWithoutAnEarlierOneGoesOnAndIsReportedOnce() {
        publish(good);
        activate(good.version());
        fail(21);
        reloader.settle();
        reloader.settle();
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals)
                .containsExactly("model " + good.version()
                        + " fails at too many tweets; it goes on, because there is no earlier model");
    }

    @Test
    void someFailuresAmongManyTweetsAreTolerated() {
        publish(good);
        activate(good.version());
        for (int i = 0; i < 10; i++) {
            fail(20);
            for (int tweet = 0; tweet < 180; tweet++) active.scored(active.current());
        }
        assertThat(active.isFailing()).isFalse();
    }

    private void fail(int tweets) {
        for (int i = 0; i < tweets; i++) active.failed(active.current(), "tweets.raw-0@" + offset++);
    }

    /** After a fault the stream processes the same tweets again. */
    @Test
    void aFailureThatIsRepeatedCountsOnce() {
        publish(good);
        activate(good.version());
        for (int i = 0; i < 100; i++) active.failed(active.current(), "tweets.raw-0@" + i % 20);
        assertThat(active.isFailing()).isFalse();
        active.failed(active.current(), "tweets.raw-1@0");
        assertThat(active.isFailing()).isTrue();
    }

    /** 11 before a multiple of 200, and 10 after it. */
    @Test
    void anyTweetsInARowAreLookedAt() {
        publish(good);
        activate(good.version());
        fail(1);
        for (int tweet = 0; tweet < 180; tweet++) active.scored(active.current());
        fail(19);
        fail(1);
        assertThat(active.isFailing()).isFalse();
        fail(1);
        assertThat(active.isFailing()).isTrue();
    }

    @Test
    void aFailingModelDoesNotScoreAgainBecauseItsTopicIsReadAnew() {
        publish(good);
        activate(good.version());
        publish(better);
        activate(better.version());
        fail(21);
        reloader.settle();
        assertThat(active.version()).contains(good.version());
        reloader.reset(new ModelLog());
        publish(good);
        publish(better);
        activate(better.version());
        assertThat(active.version()).contains(good.version());
    }

    @Test
    void anUnknownModelIsRefusedAndTheActiveOneContinues() {
        publish(good);
        activate(good.version());
        activate("v9");
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals)
                .singleElement()
                .asString()
                .startsWith("model v9 ")
                .endsWith("; " + good.version() + " goes on scoring");
    }

    @Test
    void aRefusalIsReportedOnce() {
        activate("v9");
        publish(good);
        reloader.settle();
        reloader.settle();
        assertThat(observer.refusals).hasSize(2); // the second names the model that is published by now
        reloader.settle();
        assertThat(observer.refusals).hasSize(2);
    }

    @Test
    void aModelWithAMissingChunkIsActivatedWhenTheChunkArrives() {
        Map<String, ModelRecord> records = records(good);
        String embedding = ModelLog.chunkKey(good.tensors().get(0).sha256(), 0);
        records.forEach((key, record) -> {
            if (!key.equals(embedding)) reloader.apply(key, Optional.of(record));
        });
        activate(good.version());
        assertThat(active.version()).isEmpty();
        assertThat(observer.refusals)
                .singleElement()
                .asString()
                .contains("embedding lacks chunk 0 of 1")
                .endsWith("; no model scores yet");

        reloader.apply(embedding, Optional.of(records.get(embedding)));
        reloader.settle();
        assertThat(active.version()).contains(good.version());
    }

    @Test
    void aModelWithAnAlteredChunkIsRefused() {
        publish(good);
        activate(good.version());
        records(better).forEach((key, record) -> {
            if (record.getContent() instanceof TensorChunk chunk
                    && chunk.getBytes().remaining() > 4) {
                byte[] bytes = new byte[chunk.getBytes().remaining()];
                chunk.getBytes().duplicate().get(bytes);
                bytes[0] ^= 1;
                reloader.apply(
                        key,
                        Optional.of(new ModelRecord(
                                new TensorChunk(chunk.getSha256(), chunk.getIndex(), ByteBuffer.wrap(bytes)))));
            } else reloader.apply(key, Optional.of(record));
        });
        activate(better.version());
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals)
                .singleElement()
                .asString()
                .contains("model " + better.version() + " refused: ")
                .contains("is not what was published");
    }

    /** Every digest is right, but the tensors do not make a model. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing tensor | dense.weight",
                "wrong shape | tensor dense.weight has the shape",
                "NaN | embedding holds NaN",
                "newer format | format_version is 3",
                "another version | its artefact says it is better-"
            })
    void aModelWhoseArtefactIsBrokenIsRefused(String fault, String reason) {
        publish(good);
        activate(good.version());
        PublishedModel broken = TestModels.broken(better, fault);
        publish(broken);
        activate(broken.version());

        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals)
                .singleElement()
                .asString()
                .startsWith("model " + broken.version() + " refused: ")
                .contains(reason)
                .endsWith("; " + good.version() + " goes on scoring");
    }

    /** Each weight is finite and allowed, but their sum is infinity minus infinity. */
    @Test
    void aModelThatCannotScoreIsRefused() {
        publish(good);
        activate(good.version());
        ModelArtefact overflowing = TestModels.overflowing("overflowing");
        publish(TestModels.published(overflowing));
        activate(overflowing.version());
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals).singleElement().asString().contains("it cannot score");
    }

    @Test
    void theHistogramsOfPublishedReportsAreKept() {
        PublishedModel reported = TestModels.published(
                TestModels.constant("reported", 0.5, "{\"test\":{\"histogram\":[0,0,0,0,0,0,0,3,1,0]}}"));
        publish(good);
        publish(reported);
        reloader.settle();
        assertThat(references.expected(Map.of(reported.version(), 7L)).orElseThrow()[2])
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0.75, 0.25, 0);
        assertThat(references.expected(Map.of(reported.version(), 7L, good.version(), 1L)))
                .isEmpty();
    }

    @Test
    void aRecordUnderTheWrongKeyIsIgnored() {
        reloader.apply("model/other", Optional.of(activation("v1")));
        assertThat(observer.refusals).hasSize(1);
        publish(good);
        activate(good.version());
        assertThat(active.version()).contains(good.version());
    }

    @Test
    void theActiveModelContinuesWhenItIsDeletedFromTheTopic() {
        publish(good);
        activate(good.version());
        records(good).keySet().forEach(key -> reloader.apply(key, Optional.empty()));
        reloader.apply(ModelLog.ACTIVE, Optional.empty());
        reloader.settle();
        assertThat(active.version()).contains(good.version());
        assertThat(observer.refusals).isEmpty();
    }

    @Test
    void aShadowScoresBesideTheActiveModelUntilItIsRemoved() {
        publish(good);
        publish(better);
        activate(good.version());
        shadow(Optional.of(better.version()));
        assertThat(active.version()).contains(good.version());
        assertThat(active.shadow().orElseThrow().score("any").polarity()).isCloseTo(0.25f, within(1e-6f));

        shadow(Optional.empty());
        assertThat(active.shadow()).isEmpty();
        assertThat(active.version()).contains(good.version());
        assertThat(observer.shadows).containsExactly("none → " + better.version(), better.version() + " → none");
        assertThat(observer.swaps).containsExactly("none → " + good.version());
    }

    /** Its tables need not be built again. */
    @Test
    void aPromotedShadowKeepsItsScorer() {
        publish(good);
        publish(better);
        activate(good.version());
        shadow(Optional.of(better.version()));
        var scorer = active.shadow().orElseThrow();
        reloader.apply(ModelLog.SHADOW, Optional.empty());
        activate(better.version());
        assertThat(active.current()).isSameAs(scorer);
        assertThat(active.shadow()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing tensor", "wrong shape", "NaN", "newer format", "another version"})
    void aBrokenShadowIsRefusedAndTheActiveModelContinues(String fault) {
        publish(good);
        activate(good.version());
        var scorer = active.current();
        PublishedModel broken = TestModels.broken(better, fault);
        publish(broken);
        shadow(Optional.of(broken.version()));
        assertThat(active.current()).isSameAs(scorer);
        assertThat(active.shadow()).isEmpty();
        assertThat(observer.refusals)
                .singleElement()
                .asString()
                .startsWith("model " + broken.version() + " refused: ")
                .endsWith("; no shadow scores");
        assertThat(observer.shadows).isEmpty();
    }

    @Test
    void theActiveModelCannotBeItsOwnShadow() {
        publish(good);
        activate(good.version());
        shadow(Optional.of(good.version()));
        assertThat(active.shadow()).isEmpty();
        assertThat(observer.refusals).isEmpty();
    }

    private void shadow(Optional<String> version) {
        reloader.apply(ModelLog.SHADOW, version.map(ModelReloaderTest::activation));
        reloader.settle();
    }

    private void publish(PublishedModel model) {
        records(model).forEach((key, record) -> reloader.apply(key, Optional.of(record)));
    }

    private static Map<String, ModelRecord> records(PublishedModel model) {
        return model.records(Set.of(), NOW);
    }

    private void activate(String version) {
        reloader.apply(ModelLog.ACTIVE, Optional.of(activation(version)));
        reloader.settle();
    }

    private static ModelRecord activation(String version) {
        return new ModelRecord(new Activation(version, NOW, "test", null));
    }
}
