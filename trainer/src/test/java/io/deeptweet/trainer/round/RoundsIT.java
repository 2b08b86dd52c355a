package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.Committed;
import io.deeptweet.trainer.publish.ModelTopic;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of the trainer as it is shipped, on a real broker and a real registry: each test has its own. */
class RoundsIT {
  private static final Duration PATIENCE = RunningTrainer.PATIENCE;
  private static final List<String> GOOD = List.of("good", "great", "fine", "lovely");
  private static final List<String> BAD = List.of("bad", "awful", "sad", "horrid");

  @TempDir private Path folder;
  private LocalKafka kafka;
  private Map<String, Object> client;
  private ModelTopic models;
  private ModelArtefact base;

  @BeforeEach
  void start() {
    kafka = LocalKafka.start();
    client = Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", kafka.registryUrl());
    try (Admin admin = Admin.create(client)) {
      new TopicSetup(2, (short) -1).ensure(admin);
    }
    models = new ModelTopic(client, Clock.systemUTC());
    base = base();
    models.publish(Artefacts.published(base), Optional.of("the first"));
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void labelsBecomeABetterModelThatScores() throws Exception {
    try (RunningTrainer trainer = trainer(Map.of("DEEPTWEET_ROUND_LABELS", "500"))) {
      trainer.awaitState("WAITING");
      send(labels(0, 600, true));
      JsonNode round = trainer.awaitRounds(1).get(0);
      assertThat(round.path("published").asBoolean()).as(round.toString()).isTrue();
      assertThat(round.path("labels").asInt()).isBetween(500, 600);
      assertThat(round.path("parent").asText()).isEqualTo(base.version());
      assertThat(round.path("heldOut").path("candidate").asDouble()).isGreaterThan(round.path("heldOut").path("active").asDouble() + 0.2);
      assertThat(round.path("because").asText()).startsWith("it gains on").contains("there is no guard set");

      ModelLog log = models.read();
      Activation active = log.activation().orElseThrow();
      assertThat(active.getVersion()).isEqualTo(round.path("candidate").asText()).startsWith("round-1-");
      assertThat(active.getReason()).isEqualTo(round.path("because").asText());
      ModelArtefact tuned = ModelArtefact.read(log.model(active.getVersion()).artefact());
      assertThat(tuned.parent()).contains(base.version());
      assertThat(tuned.report()).contains("\"decision\":{\"published\":true");
      assertThat(KernelScorer.of(tuned).score("my day is lovely").positive()).isTrue();
      assertThat(KernelScorer.of(tuned).score("my day is horrid").positive()).isFalse();

      long all = base.file().tensors().stream().mapToLong(tensor -> tensor.bytes().length).sum();
      assertThat(round.path("bytes").asLong()).as("the embedding and the vocabulary are not sent again").isPositive().isLessThan(all / 2);
      assertThat(committed()).isEqualTo(round(1).getConsumed());
      assertThat(trainer.get("/rounds/1").body().path("report").path("decision").path("because").asText()).isEqualTo(round.path("because").asText());
      assertThat(trainer.metric("deeptweet_labels_total{outcome=\"added\"}")).isEqualTo(600);
      assertThat(trainer.metric("deeptweet_rounds_seconds_count{outcome=\"published\"}")).isEqualTo(1);
    }
  }

  /** Labels that say nothing make a model that gains nothing. */
  @Test
  void aCandidateThatIsNotBetterIsWithheldAndItsLabelsAreConsumed() throws Exception {
    try (RunningTrainer trainer = trainer(Map.of("DEEPTWEET_ROUND_LABELS", "300"))) {
      trainer.awaitState("WAITING");
      send(labels(0, 300, false));
      JsonNode round = trainer.awaitRounds(1).get(0);
      assertThat(round.path("published").asBoolean()).as(round.toString()).isFalse();
      assertThat(round.path("because").asText()).startsWith("no gain that could not be chance on");
      assertThat(round.path("bytes").asLong()).isZero();
      assertThat(models.read().activation().orElseThrow().getVersion()).isEqualTo(base.version());
      assertThat(models.read().manifests()).hasSize(1);
      assertThat(committed()).isEqualTo(round(1).getConsumed());
      assertThat(trainer.get("/rounds/1").body().path("report").path("decision").path("published").asBoolean(true)).isFalse();
      assertThat(trainer.post("/rounds")).as("its labels are no longer new").extracting(RunningTrainer.Answer::status).isEqualTo(409);
    }
  }

  private RunningTrainer trainer(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("DEEPTWEET_ROUND_LEARNING_RATE", "0.01", "DEEPTWEET_ROUND_EPOCHS", "3"));
    all.putAll(settings);
    return new RunningTrainer(folder, kafka, all);
  }

  private TrainingRound round(int number) {
    return rounds().stream().filter(round -> round.getNumber() == number).findFirst().orElseThrow();
  }

  private List<TrainingRound> rounds() {
    return new RoundTopic(client, SchemaIds.ofRegistry(client)).read();
  }

  /** The group's offsets of {@code tweets.labeled}, by partition. */
  private Map<String, Long> committed() throws Exception {
    try (Admin admin = Admin.create(client)) {
      Map<String, Long> offsets = new HashMap<>();
      admin.listConsumerGroupOffsets(Rounds.GROUP).partitionsToOffsetAndMetadata().get().forEach((partition, offset) -> offsets.put(Integer.toString(partition.partition()), offset.offset()));
      return offsets;
    }
  }

  private void send(List<LabeledTweet> labels) {
    try (LabelPublisher publisher = new LabelPublisher(client)) {
      labels.stream().map(publisher::publish).toList().forEach(sent -> sent.join());
    }
  }

  /**
   * @param telling whether the words tell the label
   */
  private static List<LabeledTweet> labels(int from, int to, boolean telling) {
    Random random = new Random(from);
    return IntStream.range(from, to).mapToObj(i -> {
      boolean positive = random.nextBoolean();
      boolean word = telling ? positive : random.nextBoolean();
      return label("t" + i, "my " + Integer.toString(i, 36) + " is " + (word ? GOOD : BAD).get(random.nextInt(4)), positive, Labeler.PERSON);
    }).toList();
  }

  private static LabeledTweet label(String id, String text, boolean positive, Labeler labeler) {
    return new LabeledTweet(id, text, null, positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE, labeler, "a test", Instant.parse("2026-01-02T03:04:05Z"));
  }

  /** A small model that knows the words, but not what they mean. */
  private static ModelArtefact base() {
    List<String> words = Stream.of(GOOD, BAD, List.of("my", "is", "day")).flatMap(List::stream).toList();
    Vocabulary vocabulary = Vocabulary.of(Stream.concat(words.stream(), IntStream.range(0, 600).mapToObj(i -> "word" + i)).toList());
    int size = 24;
    int units = 8;
    Weights weights = new Weights(
        vocabulary.size(), size, units, random(1, vocabulary.size() * size), lstm(2, size, units), lstm(3, size, units), random(4, 2 * units), 0, new float[1024]);
    return ModelArtefact.of("base", TextPipeline.deepTweet(), 64, vocabulary, weights,
        new ModelArtefact.Provenance(Optional.empty(), Instant.parse("2026-01-02T03:04:05Z"), "made by a test", "{}"));
  }

  private static Weights.Lstm lstm(int seed, int size, int units) {
    return new Weights.Lstm(random(seed, 4 * size * units), random(seed + 10, 4 * units * units), random(seed + 20, 4 * units));
  }

  private static float[] random(int seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * 0.2f;
    return values;
  }
}
