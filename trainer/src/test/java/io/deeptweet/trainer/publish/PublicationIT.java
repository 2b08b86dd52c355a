package io.deeptweet.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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

    assertThat(first.bytes()).isEqualTo(shipped.tensors().stream().mapToLong(tensor -> tensor.bytes().length).sum());
    assertThat(log.activation().orElseThrow().getVersion()).isEqualTo(shipped.version());
    assertThat(ModelArtefact.read(log.model(shipped.version()).artefact()).version()).isEqualTo(shipped.version());
    assertThat(log.model(shipped.version()).artefact()).isEqualTo(shipped.artefact());

    assertThat(models.publish(shipped, Optional.of("again"))).isEqualTo(new Publication(shipped.version(), 0, 0));
  }

  /** The embedding is nearly all of a model; one that kept its parent's does not send it again. */
  @Test
  void aFineTunedModelSendsOnlyWhatChanged() throws Exception {
    ModelArtefact base = model("base", 1, 1, Optional.empty());
    ModelArtefact tuned = model("tuned", 1, 2, Optional.of(base.version()));
    long all = models.publish(Artefacts.published(base), Optional.of("first")).bytes();
    Publication second = models.publish(Artefacts.published(tuned), Optional.empty());

    assertThat(second.bytes()).isPositive().isLessThan(all / 2);
    ModelLog log = models.read();
    assertThat(log.model(tuned.version()).artefact()).isEqualTo(tuned.toBytes());
    assertThat(log.activation().orElseThrow().getVersion()).as("published, not activated").isEqualTo(base.version());
  }

  @Test
  void anOlderVersionIsActivatedAgain() throws Exception {
    ModelArtefact one = model("one", 1, 1, Optional.empty());
    ModelArtefact two = model("two", 2, 2, Optional.empty());
    models.publish(Artefacts.published(one), Optional.of("first"));
    models.publish(Artefacts.published(two), Optional.of("second"));
    models.activate(one.version(), "the second is worse");
    assertThat(ModelListing.of(models.read()).stream().filter(ModelListing::active).map(ModelListing::reason)).containsExactly("the second is worse");
    assertThatThrownBy(() -> models.activate("none-00000000", "…"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("none-00000000")
        .hasMessageContaining(one.version());
  }

  /** What a publisher had begun when another took over, or when it was killed, leaves nothing to see. */
  @Test
  void anUnfinishedPublicationIsNeverSeen() throws Exception {
    ModelArtefact one = model("one", 1, 1, Optional.empty());
    try (KafkaProducer<String, byte[]> crashed = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "deeptweet-model-publisher"),
        new StringSerializer(), new ByteArraySerializer())) {
      crashed.initTransactions();
      crashed.beginTransaction();
      crashed.send(new ProducerRecord<>("sentiment.models", 0, "model/half", new byte[] {1})).get();
      models.publish(Artefacts.published(one), Optional.of("first"));
      assertThat(models.read().manifests()).singleElement().satisfies(manifest -> assertThat(manifest.getVersion()).isEqualTo(one.version()));
      assertThatThrownBy(crashed::commitTransaction).as("the first publisher is fenced").isInstanceOf(KafkaException.class);
    }
  }

  @Test
  void aStrangersRecordDoesNotHideTheModels() throws Exception {
    ModelArtefact one = model("one", 1, 1, Optional.empty());
    try (KafkaProducer<String, byte[]> stranger = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new ByteArraySerializer())) {
      stranger.send(new ProducerRecord<>("sentiment.models", 0, "hello", "world".getBytes(StandardCharsets.UTF_8))).get();
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
    assertThat(run("publish", file.toString(), "--activate").output()).contains("model " + one.version() + " published").contains("active");
    assertThat(run("models", "--json").output()).contains("\"version\" : \"" + one.version() + "\"").contains("\"active\" : true");
    assertThat(run("activate", one.version()).output()).contains("was active already");

    assertThat(run("activate", "none-00000000")).isEqualTo(new Run(1, "", "model none-00000000 is not on the model topic, which has " + one.version() + "\n"));
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
    System.arraycopy(new String[] {"--bootstrap-servers", kafka.bootstrapServers(), "--registry", kafka.registryUrl()}, 0, all, arguments.length, 4);
    int code = Trainer.commandLine().setOut(new PrintWriter(output, true)).setErr(new PrintWriter(error, true)).execute(all);
    return new Run(code, output.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
  }

  /** A small model: the embedding of one seed, the rest of another. */
  private static ModelArtefact model(String name, int embeddingSeed, int seed, Optional<String> parent) {
    int words = 1000;
    int size = 150;
    int units = 20;
    List<String> vocabulary = IntStream.range(2, words).mapToObj(i -> "word" + i).toList();
    Weights weights = new Weights(words, size, units, random(embeddingSeed, words * size), lstm(seed, size, units), lstm(seed + 1, size, units), random(seed, 2 * units), 0.1f);
    return ModelArtefact.of(name, TextPipeline.deepTweet(), 64, Vocabulary.of(vocabulary), weights,
        new ModelArtefact.Provenance(parent, Instant.parse("2026-01-02T03:04:05Z"), "made by a test", "{}"));
  }

  private static Weights.Lstm lstm(int seed, int size, int units) {
    return new Weights.Lstm(random(seed, 4 * size * units), random(seed, 4 * units * units), random(seed, 4 * units));
  }

  private static float[] random(int seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * 0.1f;
    return values;
  }
}
