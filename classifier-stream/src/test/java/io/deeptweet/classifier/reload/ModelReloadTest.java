// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.classifier.TestModels;
import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.score.ActiveModel;
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

class ModelReloadTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final class Witness implements ModelReload.Observer {
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
        public void refused(String because) {
            refusals.add(because);
        }
    }

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel better = TestModels.published(TestModels.constant("better", 0.25));
    private final ActiveModel active = new ActiveModel();
    private final Witness witness = new Witness();
    private final ModelReload reload = new ModelReload(active, new ReferenceScores(), witness);

    @Test
    void nothingHappensBeforeAModelIsActivated() {
        publish(good);
        reload.settle();
        assertThat(active.version()).isEmpty();
        assertThat(witness.refusals).isEmpty();
    }

    @Test
    void theActivatedModelScores() {
        publish(good);
        activate(good.version());
        assertThat(active.version()).contains(good.version());
        assertThat(active.current().score("any").probability()).isCloseTo(0.75f, within(1e-6f));
        assertThat(witness.swaps).containsExactly("none → " + good.version());
    }

    @Test
    void onlyTheLastOfSeveralActivationsIsBuilt() {
        publish(good);
        publish(better);
        reload.apply(ModelLog.ACTIVE, Optional.of(activation("long gone")));
        reload.apply(ModelLog.ACTIVE, Optional.of(activation(good.version())));
        activate(better.version());
        assertThat(witness.swaps).containsExactly("none → " + better.version());
        assertThat(witness.refusals).isEmpty();
    }

    @Test
    void activatingWhatScoresAlreadyChangesNothing() {
        publish(good);
        activate(good.version());
        var scorer = active.current();
        activate(good.version());
        assertThat(active.current()).isSameAs(scorer);
        assertThat(witness.swaps).hasSize(1);
    }

    @Test
    void aModelIsRolledBackByActivatingTheOldOne() {
        publish(good);
        activate(good.version());
        publish(better);
        activate(better.version());
        activate(good.version());
        assertThat(active.version()).contains(good.version());
        assertThat(witness.swaps).hasSize(3);
    }

    @Test
    void aModelThatIsNotThereIsRefusedAndTheOldOneGoesOn() {
        publish(good);
        activate(good.version());
        activate("v9");
        assertThat(active.version()).contains(good.version());
        assertThat(witness.refusals)
                .singleElement()
                .asString()
                .startsWith("model v9 ")
                .endsWith("; " + good.version() + " goes on scoring");
    }

    @Test
    void aRefusalIsSaidOnceHoweverManyRecordsFollow() {
        activate("v9");
        publish(good);
        reload.settle();
        reload.settle();
        assertThat(witness.refusals).hasSize(2); // the second names the model that is there by now
        reload.settle();
        assertThat(witness.refusals).hasSize(2);
    }

    @Test
    void aModelThatLacksAChunkIsTakenOnceTheChunkComes() {
        Map<String, ModelRecord> records = records(good);
        String embedding = ModelLog.chunkKey(good.tensors().get(0).sha256(), 0);
        records.forEach((key, record) -> {
            if (!key.equals(embedding)) reload.apply(key, Optional.of(record));
        });
        activate(good.version());
        assertThat(active.version()).isEmpty();
        assertThat(witness.refusals)
                .singleElement()
                .asString()
                .contains("embedding lacks chunk 0 of 1")
                .endsWith("; no model scores yet");

        reload.apply(embedding, Optional.of(records.get(embedding)));
        reload.settle();
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
                reload.apply(
                        key,
                        Optional.of(new ModelRecord(
                                new TensorChunk(chunk.getSha256(), chunk.getIndex(), ByteBuffer.wrap(bytes)))));
            } else reload.apply(key, Optional.of(record));
        });
        activate(better.version());
        assertThat(active.version()).contains(good.version());
        assertThat(witness.refusals)
                .singleElement()
                .asString()
                .contains("model " + better.version() + " refused: ")
                .contains("is not what was published");
    }

    /** Each digest holds, but what they hold together is no model. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing tensor | dense.weight",
                "wrong shape | tensor dense.weight has the shape",
                "NaN | embedding holds NaN",
                "newer format | format_version is 2",
                "another version | its artefact says it is better-"
            })
    void aModelWhoseArtefactIsBrokenIsRefused(String fault, String because) {
        publish(good);
        activate(good.version());
        PublishedModel broken = TestModels.broken(better, fault);
        publish(broken);
        activate(broken.version());

        assertThat(active.version()).contains(good.version());
        assertThat(witness.refusals)
                .singleElement()
                .asString()
                .startsWith("model " + broken.version() + " refused: ")
                .contains(because)
                .endsWith("; " + good.version() + " goes on scoring");
    }

    /** Finite weights, each of them allowed, whose sum is infinity minus infinity. */
    @Test
    void aModelThatCannotScoreIsRefused() {
        publish(good);
        activate(good.version());
        ModelArtefact overflowing = TestModels.overflowing("overflowing");
        publish(TestModels.published(overflowing));
        activate(overflowing.version());
        assertThat(active.version()).contains(good.version());
        assertThat(witness.refusals).singleElement().asString().contains("it cannot score");
    }

    @Test
    void aRecordUnderTheWrongKeyIsPassedOver() {
        reload.apply("model/other", Optional.of(activation("v1")));
        assertThat(witness.refusals).hasSize(1);
        publish(good);
        activate(good.version());
        assertThat(active.version()).contains(good.version());
    }

    @Test
    void theModelThatScoresGoesOnWhenItIsTakenOffTheTopic() {
        publish(good);
        activate(good.version());
        records(good).keySet().forEach(key -> reload.apply(key, Optional.empty()));
        reload.apply(ModelLog.ACTIVE, Optional.empty());
        reload.settle();
        assertThat(active.version()).contains(good.version());
        assertThat(witness.refusals).isEmpty();
    }

    @Test
    void aShadowScoresBesideTheActiveModelUntilItIsDropped() {
        publish(good);
        publish(better);
        activate(good.version());
        shadow(Optional.of(better.version()));
        assertThat(active.version()).contains(good.version());
        assertThat(active.shadow().orElseThrow().score("any").probability()).isCloseTo(0.25f, within(1e-6f));

        shadow(Optional.empty());
        assertThat(active.shadow()).isEmpty();
        assertThat(active.version()).contains(good.version());
        assertThat(witness.shadows).containsExactly("none → " + better.version(), better.version() + " → none");
        assertThat(witness.swaps).containsExactly("none → " + good.version());
    }

    /** It scores already: its tables need not be built again. */
    @Test
    void aPromotedShadowIsTheSameScorer() {
        publish(good);
        publish(better);
        activate(good.version());
        shadow(Optional.of(better.version()));
        var scorer = active.shadow().orElseThrow();
        reload.apply(ModelLog.SHADOW, Optional.empty());
        activate(better.version());
        assertThat(active.current()).isSameAs(scorer);
        assertThat(active.shadow()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing tensor", "wrong shape", "NaN", "newer format", "another version"})
    void aBrokenShadowIsRefusedAndTheActiveModelGoesOn(String fault) {
        publish(good);
        activate(good.version());
        var scorer = active.current();
        PublishedModel broken = TestModels.broken(better, fault);
        publish(broken);
        shadow(Optional.of(broken.version()));
        assertThat(active.current()).isSameAs(scorer);
        assertThat(active.shadow()).isEmpty();
        assertThat(witness.refusals)
                .singleElement()
                .asString()
                .startsWith("model " + broken.version() + " refused: ")
                .endsWith("; no shadow scores");
        assertThat(witness.shadows).isEmpty();
    }

    @Test
    void theActiveModelIsNotItsOwnShadow() {
        publish(good);
        activate(good.version());
        shadow(Optional.of(good.version()));
        assertThat(active.shadow()).isEmpty();
        assertThat(witness.refusals).isEmpty();
    }

    private void shadow(Optional<String> version) {
        reload.apply(ModelLog.SHADOW, version.map(ModelReloadTest::activation));
        reload.settle();
    }

    private void publish(PublishedModel model) {
        records(model).forEach((key, record) -> reload.apply(key, Optional.of(record)));
    }

    private static Map<String, ModelRecord> records(PublishedModel model) {
        return model.records(Set.of(), NOW);
    }

    private void activate(String version) {
        reload.apply(ModelLog.ACTIVE, Optional.of(activation(version)));
        reload.settle();
    }

    private static ModelRecord activation(String version) {
        return new ModelRecord(new Activation(version, NOW, "a test wants it"));
    }
}
