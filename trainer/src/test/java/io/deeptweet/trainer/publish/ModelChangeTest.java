// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static io.deeptweet.trainer.publish.TestModels.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelChangeTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final ModelArtefact one = model("one", 1, 1, Optional.empty());
    private final ModelArtefact two = model("two", 1, 2, Optional.of(one.version()));

    @Test
    void aPublicationSendsChunksThenManifestThenActivation() {
        ModelChange change = publish(new ModelLog(), one, Optional.of("first"));
        List<String> keys = List.copyOf(change.records().keySet());
        assertThat(keys.subList(0, keys.size() - 2)).isNotEmpty().allMatch(key -> key.startsWith("tensor/"));
        assertThat(keys.subList(keys.size() - 2, keys.size())).containsExactly("model/" + one.version(), "active");
        assertThat(change.tensorBytes())
                .isEqualTo(one.file().tensors().stream()
                        .mapToLong(tensor -> tensor.bytes().length)
                        .sum());
    }

    @Test
    void whatIsPublishedAndActiveIsNotSentAgain() throws Exception {
        ModelLog log = log(one);
        assertThat(publish(log, one, Optional.of("again")).records()).isEmpty();
        assertThat(publish(log, one, Optional.empty()).records()).isEmpty();
        assertThat(ModelChange.activate(log, one.version(), "again", NOON).records())
                .isEmpty();
    }

    /** After a commit whose outcome is unknown, the topic tells. */
    @Test
    void theTopicTellsWhetherAChangeWasCommitted() throws Exception {
        ModelChange publication = publish(new ModelLog(), one, Optional.of("first"));
        assertThat(publication.isIn(new ModelLog())).isFalse();
        ModelLog manifestOnly = new ModelLog();
        manifestOnly.apply("model/" + one.version(), publication.records().get("model/" + one.version()));
        assertThat(publication.isIn(manifestOnly)).as("it is not active").isFalse();
        manifestOnly.apply("active", publication.records().get("active"));
        assertThat(publication.isIn(manifestOnly)).isTrue();
    }

    @Test
    void theActiveModelCannotBeTheShadow() throws Exception {
        assertThatThrownBy(() -> ModelChange.shadow(log(one), one.version(), "…", NOON))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(one.version() + " is active");
        assertThatThrownBy(() -> ModelChange.shadow(log(one), "none-00000000", "…", NOON))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("none-00000000");
    }

    @Test
    void withoutAShadowNothingIsPromotedOrDropped() throws Exception {
        ModelLog log = log(one);
        assertThatThrownBy(() -> ModelChange.promote(log, "…", NOON))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("no model is the shadow");
        assertThatThrownBy(() -> ModelChange.dropShadow(log))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("no model is the shadow");
    }

    @Test
    void aRollbackReturnsToTheModelBeforeAndItsRepetitionBack() throws Exception {
        ModelLog log = log(one);
        assertThatThrownBy(() -> ModelChange.rollBack(log, "…", NOON))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("no model was active before");
        apply(log, publish(log, two, Optional.of("better")));
        for (ModelArtefact expected : List.of(one, two)) {
            ModelChange change = ModelChange.rollBack(log, "no", NOON);
            assertThat(change.to()).contains(expected.version());
            assertThat(change.from()).contains((expected == one ? two : one).version());
            apply(log, change);
        }
    }

    @Test
    void whatIsExpectedOtherwiseIsRefused() throws Exception {
        ModelLog log = log(one);
        apply(log, publish(log, two, Optional.empty()));
        ModelChange change = ModelChange.activate(log, two.version(), "…", NOON);
        new Expectation(Optional.of(one.version()), Optional.of(two.version())).check(change);
        assertThatThrownBy(() -> new Expectation(Optional.of(two.version()), Optional.empty()).check(change))
                .hasMessage(
                        "model " + one.version() + " is active now, not " + two.version() + ": nothing was changed");
        assertThatThrownBy(() -> new Expectation(Optional.empty(), Optional.of(one.version())).check(change))
                .hasMessageContaining("would become active, not " + one.version());
    }

    /** Its digests are those that were published, but no classifier could load it. */
    @Test
    void aModelThatCannotBeLoadedIsNotActivated() throws Exception {
        ModelLog log = log(one);
        PublishedModel broken = new PublishedModel("broken-00000000", Optional.empty(), "{}", List.of());
        apply(log, ModelChange.publish(log, broken, Optional.empty(), 10, NOON));
        assertThatThrownBy(() -> ModelChange.activate(log, broken.version(), "…", NOON))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("model broken-00000000 cannot be loaded: ");
        assertThatThrownBy(() -> ModelChange.shadow(log, broken.version(), "…", NOON))
                .isInstanceOf(InvalidModelException.class);
    }

    @Test
    void aPromotedShadowIsNoLongerTheShadow() throws Exception {
        ModelLog log = log(one);
        apply(log, publish(log, two, Optional.empty()));
        apply(log, ModelChange.shadow(log, two.version(), "is it better?", NOON));
        ModelChange promotion = ModelChange.promote(log, "it is", NOON);
        assertThat(promotion.version()).isEqualTo(two.version());
        assertThat(promotion.records()).containsOnlyKeys("active", "shadow").containsEntry("shadow", Optional.empty());
    }

    private static ModelLog log(ModelArtefact active) throws InvalidModelException {
        ModelLog log = new ModelLog();
        apply(log, publish(log, active, Optional.of("first")));
        return log;
    }

    private static ModelChange publish(ModelLog log, ModelArtefact model, Optional<String> activationReason) {
        return ModelChange.publish(log, Artefacts.published(model), activationReason, 10, NOON);
    }

    private static void apply(ModelLog log, ModelChange change) throws InvalidModelException {
        for (var record : change.records().entrySet()) {
            Optional<ModelRecord> value = record.getValue();
            log.apply(record.getKey(), value);
        }
    }
}
