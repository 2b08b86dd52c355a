// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.command.Trainer;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishing on a real broker; each test has one of its own, for there is but one topic of models. */
class PublicationIT {
    private LocalKafka kafka;
    private Map<String, Object> settings;
    private ModelTopic models;

    @BeforeEach
    void start() {
        kafka = LocalKafka.start();
        settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", kafka.registryUrl());
        try (Admin admin = Admin.create(settings)) {
            new TopicSetup(1, (short) -1).ensure(admin);
        }
        models = new ModelTopic(settings, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void theShippedModelIsPublishedWholeAndOnce() throws Exception {
        PublishedModel shipped = Artefacts.published(Artefacts.shipped());
        Publication first = models.publish(shipped, Optional.of("the first"));
        ModelLog log = models.read();

        assertThat(first.bytes())
                .isEqualTo(shipped.tensors().stream()
                        .mapToLong(tensor -> tensor.bytes().length)
                        .sum());
        assertThat(log.activation().orElseThrow().getVersion()).isEqualTo(shipped.version());
        assertThat(ModelArtefact.read(log.model(shipped.version()).artefact()).version())
                .isEqualTo(shipped.version());
        assertThat(log.model(shipped.version()).artefact()).isEqualTo(shipped.artefact());

        assertThat(models.publish(shipped, Optional.of("again"))).isEqualTo(new Publication(shipped.version(), 0, 0));
    }

    /** The embedding is nearly all of a model; one that kept its parent's does not send it again. */
    @Test
    void aFineTunedModelSendsOnlyWhatChanged() throws Exception {
        ModelArtefact base = model("base", 1, 1, Optional.empty());
        ModelArtefact tuned = model("tuned", 1, 2, Optional.of(base.version()));
        long all =
                models.publish(Artefacts.published(base), Optional.of("first")).bytes();
        Publication second = models.publish(Artefacts.published(tuned), Optional.empty());

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
        models.publish(Artefacts.published(one), Optional.of("first"));
        models.publish(Artefacts.published(two), Optional.of("second"));
        models.activate(one.version(), "the second is worse");
        assertThat(ModelListing.of(models.read()).stream()
                        .filter(ModelListing::active)
                        .map(ModelListing::reason))
                .containsExactly("the second is worse");
        assertThatThrownBy(() -> models.activate("none-00000000", "…"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("none-00000000")
                .hasMessageContaining(one.version());
    }

    @Test
    void aShadowIsSetPromotedAndDropped() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        ModelArtefact two = model("two", 1, 2, Optional.of(one.version()));
        models.publish(Artefacts.published(one), Optional.of("first"));
        models.publish(Artefacts.published(two), Optional.empty());
        assertThatThrownBy(() -> models.promote("…"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("no model is the shadow");
        assertThatThrownBy(models::dropShadow)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("no model is the shadow");
        assertThatThrownBy(() -> models.shadow(one.version(), "…"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(one.version() + " is active");
        assertThatThrownBy(() -> models.shadow("none-00000000", "…"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("none-00000000");

        assertThat(models.shadow(two.version(), "is it better?").records()).isEqualTo(1);
        assertThat(models.shadow(two.version(), "again").records()).isZero();
        assertThat(ModelListing.of(models.read()))
                .filteredOn(ModelListing::shadow)
                .singleElement()
                .satisfies(listing -> {
                    assertThat(listing.version()).isEqualTo(two.version());
                    assertThat(listing.reason()).isEqualTo("is it better?");
                });
        models.dropShadow();
        assertThat(models.read().shadow()).isEmpty();

        models.shadow(two.version(), "is it better after all?");
        models.promote("it is");
        assertThat(models.read().activation().orElseThrow().getVersion()).isEqualTo(two.version());
        models.activate(one.version(), "no, it is not");
        assertThat(models.read().shadow())
                .as("a promoted shadow does not come back by a roll-back")
                .isEmpty();
    }

    /** Each has a parent whose embedding it shares. The active one and its parent stay, whatever comes after. */
    @Test
    void olderModelsAreTakenBackWithTheirTensors() throws Exception {
        ModelTopic keepTwo = new ModelTopic(settings, Clock.systemUTC(), 2);
        List<ModelArtefact> chain = chain(6);
        for (int i = 0; i < 3; i++) keepTwo.publish(Artefacts.published(chain.get(i)), Optional.of("newer"));
        assertThat(keepTwo.read().manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(chain.get(1).version(), chain.get(2).version());

        for (int i = 3; i < 6; i++) keepTwo.publish(Artefacts.published(chain.get(i)), Optional.empty());
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
        keepTwo.activate(chain.get(1).version(), "a roll-back");

        keepTwo.publish(Artefacts.published(chain.get(0)), Optional.of("what was taken back is published again"));
        assertThat(keepTwo.read().model(chain.get(0).version()).artefact())
                .isEqualTo(chain.get(0).toBytes());
    }

    /**
     * Other processes publish, and take back what is too old, at any moment: here, when the command has just come as
     * far as its producer.
     */
    @Test
    void whatIsTakenBackMeanwhileIsNeitherActivatedNorTheShadow() throws Exception {
        ModelTopic keepOne = new ModelTopic(settings, Clock.systemUTC(), 1);
        for (Meanwhile.Command command : List.<Meanwhile.Command>of(
                (topic, version) -> topic.activate(version, "…"), (topic, version) -> topic.shadow(version, "…"))) {
            ModelArtefact old = model("old", 1, 1, Optional.empty());
            keepOne.publish(Artefacts.published(model("other", 2, 2, Optional.empty())), Optional.of("scores"));
            models.publish(Artefacts.published(old), Optional.empty());
            Map<String, Object> disturbed = new HashMap<>(settings);
            disturbed.put("metric.reporters", Meanwhile.class.getName());
            disturbed.put(Meanwhile.RUN, (Runnable) () -> keepOne.publish(
                    Artefacts.published(model("newer", 3, 3, Optional.empty())), Optional.of("is better")));
            assertThatThrownBy(() -> command.run(new ModelTopic(disturbed, Clock.systemUTC()), old.version()))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageStartingWith("model " + old.version() + " is not on the model topic, which has ");
            ModelLog log = models.read();
            assertThat(log.activation().orElseThrow().getVersion()).startsWith("newer-");
            assertThat(log.shadow()).isEmpty();
        }
    }

    /** Runs something when a producer is made. */
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

    /**
     * Kafka itself compacts the topic, for real: what was overwritten or taken back is gone, and a late reader misses
     * nothing.
     */
    @Test
    void aLateReaderOfTheCompactedTopicGetsTheRightModels() throws Exception {
        ModelTopic keepTwo = new ModelTopic(settings, Clock.systemUTC(), 2);
        List<ModelArtefact> chain = chain(5);
        for (ModelArtefact model : chain) keepTwo.publish(Artefacts.published(model), Optional.of("newer"));
        long before = records();

        try (Admin admin = Admin.create(settings)) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "sentiment.models");
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            Map.of(
                                            "segment.ms",
                                            "100",
                                            "min.cleanable.dirty.ratio",
                                            "0.001",
                                            "delete.retention.ms",
                                            "0")
                                    .entrySet()
                                    .stream()
                                    .map(setting -> new AlterConfigOp(
                                            new ConfigEntry(setting.getKey(), setting.getValue()),
                                            AlterConfigOp.OpType.SET))
                                    .toList()))
                    .all()
                    .get();
        }
        // Only closed segments are compacted: another activation closes the one before. The broker looks every 15 s.
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    keepTwo.activate(chain.get(3).version(), "to and");
                    keepTwo.activate(chain.get(4).version(), "fro");
                    return records() < before / 2;
                });

        ModelLog log = new ModelTopic(settings, Clock.systemUTC()).read();
        assertThat(log.activation().orElseThrow().getVersion())
                .isEqualTo(chain.get(4).version());
        assertThat(log.manifests())
                .extracting(ModelManifest::getVersion)
                .containsExactly(chain.get(3).version(), chain.get(4).version());
        for (ModelArtefact kept : chain.subList(3, 5))
            assertThat(log.model(kept.version()).artefact()).isEqualTo(kept.toBytes());
    }

    /** How many records the topic's partition holds. */
    private long records() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("sentiment.models", 0);
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).get(partition);
            long records = 0;
            while (consumer.position(partition) < end)
                records += consumer.poll(Duration.ofMillis(200)).count();
            return records;
        }
    }

    /** Models that share an embedding, each the parent of the next. */
    private static List<ModelArtefact> chain(int length) {
        List<ModelArtefact> chain = new ArrayList<>();
        for (int i = 0; i < length; i++)
            chain.add(model(
                    "link" + i,
                    1,
                    i + 1,
                    i == 0 ? Optional.empty() : Optional.of(chain.get(i - 1).version())));
        return chain;
    }

    /** What a publisher had begun when another took over, or when it was killed, leaves nothing to see. */
    @Test
    void anUnfinishedPublicationIsNeverSeen() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        try (KafkaProducer<String, byte[]> crashed = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "deeptweet-model-publisher"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            crashed.initTransactions();
            crashed.beginTransaction();
            crashed.send(new ProducerRecord<>("sentiment.models", 0, "model/half", new byte[] {1}))
                    .get();
            models.publish(Artefacts.published(one), Optional.of("first"));
            assertThat(models.read().manifests())
                    .singleElement()
                    .satisfies(manifest -> assertThat(manifest.getVersion()).isEqualTo(one.version()));
            assertThatThrownBy(crashed::commitTransaction)
                    .as("the first publisher is fenced")
                    .isInstanceOf(KafkaException.class);
        }
    }

    @Test
    void aStrangersRecordDoesNotHideTheModels() throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        try (KafkaProducer<String, byte[]> stranger = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            stranger.send(new ProducerRecord<>(
                            "sentiment.models", 0, "hello", "world".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        models.publish(Artefacts.published(one), Optional.of("first"));
        assertThat(models.read().model(one.version()).artefact()).isEqualTo(one.toBytes());
    }

    @Test
    void theCommandsSayWhatTheyDid(@TempDir Path folder) throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        Path file = folder.resolve("one.safetensors");
        one.write(file);

        assertThat(run("models").output()).contains("no model is published");
        assertThat(run("publish", file.toString(), "--activate").output())
                .contains("model " + one.version() + " published")
                .contains("active");
        assertThat(run("models", "--json").output())
                .contains("\"version\" : \"" + one.version() + "\"")
                .contains("\"active\" : true");
        assertThat(run("activate", one.version()).output()).contains("was active already");

        ModelArtefact two = model("two", 1, 2, Optional.of(one.version()));
        two.write(file);
        assertThat(run("publish", file.toString(), "--keep", "1").code()).isZero();
        assertThat(run("shadow", two.version(), "--reason", "is it better?").output())
                .isEqualTo("model " + two.version() + " is the shadow\n");
        assertThat(run("models").output())
                .containsPattern("shadow +" + two.version() + ".*is it better\\?")
                .containsPattern("active +" + one.version());
        assertThat(run("shadow", "--drop").output()).isEqualTo("model " + two.version() + " is no longer the shadow\n");
        assertThat(run("promote")).isEqualTo(new Run(1, "", "no model is the shadow: begin with the command shadow\n"));
        assertThat(run("shadow", two.version()).code()).isZero();
        assertThat(run("promote").output()).isEqualTo("model " + two.version() + " is active\n");
        assertThat(run("shadow").code()).isEqualTo(2);
        assertThat(run("shadow", two.version(), "--drop").code()).isEqualTo(2);
        assertThat(run("publish", file.toString(), "--keep", "0").error()).startsWith("--keep is 0: use 1 or more");

        assertThat(run("activate", "none-00000000"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "model none-00000000 is not on the model topic, which has " + one.version() + ", "
                                + two.version() + "\n"));
        assertThat(run("publish", folder.resolve("missing").toString()).code()).isEqualTo(1);
        assertThat(run("publish").code()).isEqualTo(2);
        assertThat(run("publish", "--help").output()).contains("Examples");
    }

    private record Run(int code, String output, String error) {}

    private Run run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(
                new String[] {"--bootstrap-servers", kafka.bootstrapServers(), "--registry", kafka.registryUrl()},
                0,
                all,
                arguments.length,
                4);
        int code = Trainer.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(error, true))
                .execute(all);
        return new Run(code, output.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    /** A small model: the embedding of one seed, the rest of another. */
    private static ModelArtefact model(String name, int embeddingSeed, int seed, Optional<String> parent) {
        int words = 1000;
        int size = 150;
        int units = 20;
        List<String> vocabulary =
                IntStream.range(2, words).mapToObj(i -> "word" + i).toList();
        Weights weights = new Weights(
                words,
                size,
                units,
                random(embeddingSeed, words * size),
                lstm(seed, size, units),
                lstm(seed + 1, size, units),
                random(seed, 2 * units),
                0.1f);
        return ModelArtefact.of(
                name,
                TextPipeline.deepTweet(),
                64,
                Vocabulary.of(vocabulary),
                weights,
                new ModelArtefact.Provenance(parent, Instant.parse("2026-01-02T03:04:05Z"), "made by a test", "{}"));
    }

    private static Weights.Lstm lstm(int seed, int size, int units) {
        return new Weights.Lstm(
                random(seed, 4 * size * units), random(seed, 4 * units * units), random(seed, 4 * units));
    }

    private static float[] random(int seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * 0.1f;
        return values;
    }
}
