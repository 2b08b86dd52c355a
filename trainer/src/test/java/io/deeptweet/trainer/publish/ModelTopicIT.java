// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static io.deeptweet.trainer.publish.TestModels.chain;
import static io.deeptweet.trainer.publish.TestModels.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishes and activates models on a real broker. */
class ModelTopicIT {
    private final Map<String, Object> client = FreshTopics.clientOf(LocalKafka.shared());
    private final ModelTopic models = new ModelTopic(client, Clock.systemUTC());

    @BeforeEach
    void emptyTopic() throws Exception {
        FreshTopics.recreate(client, 1, List.of(Topics.MODELS, Topics.AUDIT));
    }

    @Test
    void theDefaultModelIsPublishedCompletelyAndOnce() throws Exception {
        PublishedModel shipped = Artefacts.published(Artefacts.shipped());
        Publication first = models.publish(shipped, true, ChangeOrigin.command("the first"));
        ModelLog log = models.read();

        assertThat(first.bytes())
                .isEqualTo(shipped.tensors().stream()
                        .mapToLong(tensor -> tensor.bytes().length)
                        .sum());
        assertThat(log.activation().orElseThrow().getVersion()).isEqualTo(shipped.version());
        assertThat(ModelArtefact.read(log.model(shipped.version()).artefact()).version())
                .isEqualTo(shipped.version());
        assertThat(log.model(shipped.version()).artefact()).isEqualTo(shipped.artefact());

        assertThat(models.publish(shipped, true, ChangeOrigin.command("again")))
                .isEqualTo(new Publication(shipped.version(), Optional.of(shipped.version()), 0, 0));
    }

    /** Write access to the topic is not enough to change what scores, where models are signed. */
    @Test
    void whatIsNotSignedChangesNothingWhereSignaturesAreRequired() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ModelTopic signed = new ModelTopic(
                client,
                SchemaIds.ofRegistry(client),
                Clock.systemUTC(),
                ModelTopic.KEPT,
                new ModelSignatures(Optional.of(keys.getPrivate()), List.of(keys.getPublic())));
        ModelArtefact ours = model("ours", 1, 1, Optional.empty());
        ModelArtefact theirs = model("theirs", 1, 2, Optional.empty());
        signed.publish(Artefacts.published(ours), true, ChangeOrigin.command("signed"));
        models.publish(Artefacts.published(theirs), true, ChangeOrigin.command("not signed"));
        assertThat(models.read().activation().orElseThrow().getVersion()).isEqualTo(theirs.version());
        assertThat(signed.read().activation().orElseThrow().getVersion()).isEqualTo(ours.version());
        assertThat(signed.readIndex().manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(ours.version());
        assertThatThrownBy(() ->
                        signed.activate(theirs.version(), Expectation.NONE, ChangeOrigin.command("it is not signed")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(theirs.version())
                .hasMessageContaining("is not signed");
    }

    /** The embedding is nearly all of a model; one that kept its parent's does not send it again. */
    @Test
    void aFineTunedModelSendsOnlyWhatChanged() throws Exception {
        ModelArtefact base = model("base", 1, 1, Optional.empty());
        ModelArtefact tuned = model("tuned", 1, 2, Optional.of(base.version()));
        long all = models.publish(Artefacts.published(base), true, ChangeOrigin.command("first"))
                .bytes();
        Publication second = models.publish(Artefacts.published(tuned), false, ChangeOrigin.command(""));

        assertThat(second.bytes()).isPositive().isLessThan(all / 2);
        ModelLog log = models.read();
        assertThat(log.model(tuned.version()).artefact()).isEqualTo(tuned.toBytes());
        assertThat(log.activation().orElseThrow().getVersion())
                .as("published, not activated")
                .isEqualTo(base.version());
    }

    @Test
    void anOlderVersionIsActivatedAgain() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        ModelArtefact two = model("two", 2, 2, Optional.empty());
        models.publish(Artefacts.published(one), true, ChangeOrigin.command("first"));
        models.publish(Artefacts.published(two), true, ChangeOrigin.command("second"));
        models.activate(one.version(), Expectation.NONE, ChangeOrigin.command("the second is worse"));
        assertThat(ModelListing.of(models.read()).stream()
                        .filter(ModelListing::active)
                        .map(ModelListing::reason))
                .containsExactly("the second is worse");
        assertThatThrownBy(() -> models.activate("none-00000000", Expectation.NONE, ChangeOrigin.command("…")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("none-00000000")
                .hasMessageContaining(one.version());
    }

    @Test
    void aShadowIsSetPromotedAndDropped() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        ModelArtefact two = model("two", 1, 2, Optional.of(one.version()));
        models.publish(Artefacts.published(one), true, ChangeOrigin.command("first"));
        models.publish(Artefacts.published(two), false, ChangeOrigin.command(""));

        assertThat(models.shadow(two.version(), ChangeOrigin.command("is it better?"))
                        .records())
                .isEqualTo(1);
        assertThat(models.shadow(two.version(), ChangeOrigin.command("again")).records())
                .isZero();
        assertThat(ModelListing.of(models.read()))
                .filteredOn(ModelListing::shadow)
                .singleElement()
                .satisfies(listing -> {
                    assertThat(listing.version()).isEqualTo(two.version());
                    assertThat(listing.reason()).isEqualTo("is it better?");
                });
        models.dropShadow(ChangeOrigin.command(""));
        assertThat(models.read().shadow()).isEmpty();

        models.shadow(two.version(), ChangeOrigin.command("is it better after all?"));
        models.promote(Expectation.NONE, ChangeOrigin.command("it is"));
        assertThat(models.read().activation().orElseThrow().getVersion()).isEqualTo(two.version());
        models.activate(one.version(), Expectation.NONE, ChangeOrigin.command("no, it is not"));
        assertThat(models.read().shadow())
                .as("a promoted shadow does not come back with a rollback")
                .isEmpty();
    }

    /** Each model has a parent whose embedding it shares. The active one and its parent stay, however old. */
    @Test
    void outdatedModelsAreRemovedWithTheirTensors() throws Exception {
        ModelTopic keepTwo = new ModelTopic(client, Clock.systemUTC(), 2);
        List<ModelArtefact> chain = chain(6);
        for (int i = 0; i < 3; i++)
            keepTwo.publish(Artefacts.published(chain.get(i)), true, ChangeOrigin.command("newer"));
        assertThat(keepTwo.read().manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(chain.get(1).version(), chain.get(2).version());

        for (int i = 3; i < 6; i++) keepTwo.publish(Artefacts.published(chain.get(i)), false, ChangeOrigin.command(""));
        ModelLog log = keepTwo.read();
        assertThat(log.manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(
                        chain.get(1).version(),
                        chain.get(2).version(),
                        chain.get(4).version(),
                        chain.get(5).version());
        for (ModelManifest kept : log.manifests())
            ModelArtefact.read(log.model(kept.getVersion()).artefact());
        assertThat(log.outdated(2)).as("nothing is left of the others").isEmpty();
        keepTwo.activate(chain.get(1).version(), Expectation.NONE, ChangeOrigin.command("a rollback"));

        keepTwo.publish(
                Artefacts.published(chain.get(0)), true, ChangeOrigin.command("a removed model is published again"));
        assertThat(keepTwo.read().model(chain.get(0).version()).artefact())
                .isEqualTo(chain.get(0).toBytes());
    }

    /**
     * Another process publishes, and removes what is outdated, at the worst moment: when a command has just created its
     * producer.
     */
    @Test
    void aModelThatIsRemovedMeanwhileIsNeitherActivatedNorTheShadow() throws Exception {
        ModelTopic keepOne = new ModelTopic(client, Clock.systemUTC(), 1);
        for (Meanwhile.Command command : List.<Meanwhile.Command>of(
                (topic, version) -> topic.activate(version, Expectation.NONE, ChangeOrigin.command("…")),
                (topic, version) -> topic.shadow(version, ChangeOrigin.command("…")))) {
            emptyTopic(); // else the models of the first round are kept, and not published again
            ModelArtefact old = model("old", 1, 1, Optional.empty());
            keepOne.publish(
                    Artefacts.published(model("other", 2, 2, Optional.empty())), true, ChangeOrigin.command("scores"));
            models.publish(Artefacts.published(old), false, ChangeOrigin.command(""));
            Map<String, Object> disturbed = new HashMap<>(client);
            disturbed.put("metric.reporters", Meanwhile.class.getName());
            disturbed.put(Meanwhile.RUN, (Runnable) () -> keepOne.publish(
                    Artefacts.published(model("newer", 3, 3, Optional.empty())),
                    true,
                    ChangeOrigin.command("is better")));
            assertThatThrownBy(() -> command.run(new ModelTopic(disturbed, Clock.systemUTC()), old.version()))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageStartingWith("model " + old.version() + " is not on the model topic, which has ");
            ModelLog log = models.read();
            assertThat(log.activation().orElseThrow().getVersion()).startsWith("newer-");
            assertThat(log.shadow()).isEmpty();
        }
    }

    /** Runs something when a transactional producer is created. */
    public static final class Meanwhile implements MetricsReporter {
        static final String RUN = "test.meanwhile";

        interface Command {
            void run(ModelTopic topic, String version) throws InvalidModelException;
        }

        @Override
        public void configure(Map<String, ?> configs) {
            if (configs.containsKey("transactional.id")) ((Runnable) configs.get(RUN)).run();
        }

        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}
    }

    @Test
    void anInvalidRecordDoesNotHideTheModels() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            "sentiment.models", 0, "hello", "world".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        models.publish(Artefacts.published(one), true, ChangeOrigin.command("first"));
        assertThat(models.read().model(one.version()).artefact()).isEqualTo(one.toBytes());
    }
}
