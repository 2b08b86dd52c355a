// SPDX-License-Identifier: Apache-2.0
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
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.command.Trainer;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.Committed;
import io.deeptweet.trainer.publish.ModelTopic;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of the trainer as it is shipped, on a real broker and a real registry. */
class RoundsIT {
    private static final Duration PATIENCE = RunningTrainer.PATIENCE;
    private static final List<String> GOOD = List.of("good", "great", "fine", "lovely");
    private static final List<String> BAD = List.of("bad", "awful", "sad", "horrid");

    private static LocalKafka kafka;
    private static Map<String, Object> client;

    @TempDir
    private Path folder;

    private ModelTopic models;
    private ModelArtefact base;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.start();
        client = Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", kafka.registryUrl());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /**
     * There is but one set of topics and one group: each test begins with new ones, and with a model that knows
     * nothing.
     */
    @BeforeEach
    void begin() throws Exception {
        try (Admin admin = Admin.create(client)) {
            Set<String> topics = admin.listTopics().names().get();
            if (!topics.isEmpty()) {
                admin.deleteTopics(topics).all().get();
                await().atMost(PATIENCE)
                        .until(() -> admin.listTopics().names().get().isEmpty());
                await().atMost(PATIENCE)
                        .until(() -> admin.listConsumerGroups().all().get().isEmpty()
                                || deleted(admin)); // a killed member is one until its session is over
            }
            new TopicSetup(2, (short) -1).ensure(admin);
        }
        models = new ModelTopic(client, Clock.systemUTC());
        base = base();
        models.publish(Artefacts.published(base), Optional.of("the first"));
    }

    private static boolean deleted(Admin admin) throws InterruptedException {
        try {
            admin.deleteConsumerGroups(Set.of(Rounds.GROUP)).all().get();
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupIdNotFoundException;
        }
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
            assertThat(round.path("heldOut").path("candidate").asDouble())
                    .isGreaterThan(round.path("heldOut").path("active").asDouble() + 0.2);
            assertThat(round.path("because").asText()).startsWith("it gains on").contains("there is no guard set");

            ModelLog log = models.read();
            Activation active = log.activation().orElseThrow();
            assertThat(active.getVersion())
                    .isEqualTo(round.path("candidate").asText())
                    .startsWith("round-1-");
            assertThat(active.getReason()).isEqualTo(round.path("because").asText());
            ModelArtefact tuned =
                    ModelArtefact.read(log.model(active.getVersion()).artefact());
            assertThat(tuned.parent()).contains(base.version());
            assertThat(tuned.report()).contains("\"decision\":{\"published\":true");
            assertThat(KernelScorer.of(tuned).score("my day is lovely").positive())
                    .isTrue();
            assertThat(KernelScorer.of(tuned).score("my day is horrid").positive())
                    .isFalse();

            long all = base.file().tensors().stream()
                    .mapToLong(tensor -> tensor.bytes().length)
                    .sum();
            assertThat(round.path("bytes").asLong())
                    .as("the embedding and the vocabulary are not sent again")
                    .isPositive()
                    .isLessThan(all / 2);
            assertThat(committed()).isEqualTo(round(1).getConsumed());
            assertThat(trainer.get("/rounds/1")
                            .body()
                            .path("report")
                            .path("decision")
                            .path("because")
                            .asText())
                    .isEqualTo(round.path("because").asText());
            assertThat(trainer.metric("deeptweet_labels_total{outcome=\"added\"}"))
                    .isEqualTo(600);
            assertThat(trainer.metric("deeptweet_rounds_seconds_count{outcome=\"published\"}"))
                    .isEqualTo(1);
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
            assertThat(trainer.get("/rounds/1")
                            .body()
                            .path("report")
                            .path("decision")
                            .path("published")
                            .asBoolean(true))
                    .isFalse();
            assertThat(trainer.post("/rounds"))
                    .as("its labels are no longer new")
                    .extracting(RunningTrainer.Answer::status)
                    .isEqualTo(409);
        }
    }

    /**
     * Bad labels come once to where all that is refused comes, and a trainer that starts again does not repeat them.
     */
    @Test
    void badLabelsAreRejectedOnceWithAReason() throws Exception {
        try (RunningTrainer trainer =
                trainer(Map.of("DEEPTWEET_ROUND_LABELS", "100000", "DEEPTWEET_ROUND_LARGEST", "100000"))) {
            trainer.awaitState("WAITING");
            sendBytes("broken", new byte[] {1, 2, 3});
            sendBytes(null, new byte[] {1, 2, 3});
            send(List.of(
                    label(
                            "future",
                            "from tomorrow's tomorrow",
                            true,
                            Labeler.PERSON,
                            Instant.now().plus(Duration.ofDays(3))),
                    label("silent", " ", true, Labeler.PERSON),
                    label("good", "a good one", true, Labeler.PERSON)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rejections())
                            .extracting(Rejection::reason)
                            .containsExactlyInAnyOrder(
                                    Rejection.Reason.UNDECODABLE,
                                    Rejection.Reason.NO_ID,
                                    Rejection.Reason.INVALID_FIELD,
                                    Rejection.Reason.NO_TEXT));
            assertThat(rejections()).allSatisfy(rejection -> {
                assertThat(rejection.by()).isEqualTo("trainer");
                assertThat(rejection.origin()).matches("tweets\\.labeled-[01]@\\d+");
            });
            assertThat(trainer.metric("deeptweet_rejected_total{reason=\"undecodable\"}"))
                    .isEqualTo(1);
            await().atMost(PATIENCE)
                    .until(() -> trainer.get("/status").body().path("newLabels").asInt() == 1);

            RunningTrainer.Answer answer = trainer.post(
                    "/labels",
                    "application/json",
                    "[{\"id\":\"p1\",\"text\":\"what a day\",\"label\":\"positive\"},{\"id\":\"p2\",\"text\":\"so so\",\"label\":\"neutral\"}]");
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body().path("published").asInt()).isEqualTo(1);
            assertThat(answer.body().path("rejected").path(0).path("detail").asText())
                    .isEqualTo("label is \"neutral\": use positive or negative");
            answer = trainer.post(
                    "/labels",
                    "application/x-ndjson",
                    "{\"id\":\"p3\",\"text\":\"a\",\"label\":\"negative\"}\n\n{\"id\":\"p4\",\"text\":\"b\",\"label\":\"positive\"}\n");
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.body().path("published").asInt()).isEqualTo(2);
            assertThat(trainer.post("/labels", "application/json", "{\"id\":").status())
                    .isEqualTo(400);
            assertThat(trainer.post("/labels", "application/json", "[]").status())
                    .isEqualTo(400);
            assertThat(rejections()).hasSize(5);
        }
        try (RunningTrainer again =
                trainer(Map.of("DEEPTWEET_ROUND_LABELS", "100000", "DEEPTWEET_ROUND_LARGEST", "100000"))) {
            again.awaitState("WAITING");
            sendBytes("another", new byte[] {1, 2, 3});
            await().atMost(PATIENCE).until(() -> rejections().size() >= 6);
            assertThat(rejections()).hasSize(6);
            assertThat(again.get("/status").body().path("newLabels").asInt())
                    .as("no round has consumed them")
                    .isEqualTo(4);
        }
    }

    @Test
    void whatATombstoneRemovedIsNotLearned() throws Exception {
        try (RunningTrainer trainer = trainer(Map.of("DEEPTWEET_ROUND_LABELS", "1000"))) {
            trainer.awaitState("WAITING");
            send(labels(0, 300, true));
            await().atMost(PATIENCE)
                    .until(() -> trainer.get("/status").body().path("newLabels").asInt() == 300);
            for (int i = 0; i < 100; i++) sendBytes("t" + i, null);
            await().atMost(PATIENCE)
                    .until(() -> trainer.get("/status").body().path("newLabels").asInt() == 200);
            assertThat(trainer.post("/rounds").status()).isEqualTo(202);
            JsonNode round = trainer.awaitRounds(1).get(0);
            assertThat(round.path("labels").asInt()).isEqualTo(200);
            assertThat(round.path("startedBecause").asText()).isEqualTo("asked for by POST /rounds");
            assertThat(trainer.metric("deeptweet_labels_total{outcome=\"removed\"}"))
                    .isEqualTo(100);
        }
    }

    /**
     * The alarm of a version that no longer scores starts none, and the one that did start one starts no other, whoever
     * reads it again.
     */
    @Test
    void driftOfTheActiveModelStartsOneRoundBeforeThereAreEnoughLabels() throws Exception {
        Map<String, String> settings =
                Map.of("DEEPTWEET_ROUND_LABELS", "1000", "DEEPTWEET_ROUND_PATIENCE_IN_DRIFT", "1s");
        try (RunningTrainer trainer = trainer(settings).awaitState("WAITING")) {
            send(drift("earlier", "older-00000000", List.of("psi")));
            send(drift("calm", base.version(), List.of("psi")));
            send(drift("calm", base.version(), List.of()));
            send(labels(0, 300, true));
            await().atMost(PATIENCE)
                    .until(() -> trainer.get("/status").body().path("newLabels").asInt() == 300);
            send(drift("election", base.version(), List.of("unknown")));
            JsonNode round = trainer.awaitRounds(1).get(0);
            assertThat(round.path("startedBecause").asText())
                    .isEqualTo(
                            "300 new labels, and the feed election drifts by unknown from 2024-08-15T22:00:00Z to 2024-08-15T23:00:00Z");
            assertThat(round.path("labels").asInt()).isEqualTo(300);
            assertThat(round.path("published").asBoolean()).as(round.toString()).isTrue();
        }
        try (RunningTrainer again = trainer(settings).awaitState("WAITING")) {
            send(drift("election", models.read().activation().orElseThrow().getVersion(), List.of("unknown")));
            send(labels(300, 400, true));
            await().atMost(PATIENCE)
                    .until(() -> again.get("/status").body().path("newLabels").asInt() == 100);
            await().during(Duration.ofSeconds(12))
                    .atMost(PATIENCE)
                    .failFast("a second round", () -> again.state().equals("TRAINING"))
                    .until(() -> rounds().size() == 1); // it looks every 5 s
        }
    }

    @Test
    void ofTwoTrainersOneWorksAndTheOtherTakesOverWhenItDies() throws Exception {
        Map<String, String> settings = Map.of("DEEPTWEET_ROUND_LABELS", "300");
        try (RunningTrainer first = trainer(settings).awaitState("WAITING");
                RunningTrainer second = trainer(settings).awaitState("STANDBY")) {
            assertThat(first.state()).isEqualTo("WAITING");
            assertThat(second.log()).contains("another trainer works in the group deeptweet-trainer: standing by");
            assertThat(second.post("/rounds").status()).isEqualTo(409);
            send(labels(0, 300, true));
            assertThat(first.awaitRounds(1)).hasSize(1);
            assertThat(second.awaitRounds(1)).as("rounds are read from Kafka").hasSize(1);
            first.kill();
            second.awaitState("WAITING");
            send(labels(300, 600, true));
            second.awaitRounds(2);
            assertOnce(600);
        }
    }

    /**
     * Wherever a trainer is killed, the round happened once or not at all, and every label is consumed by one round.
     */
    @Test
    void aRoundHappensOnceOrNotAtAllWhereverTheTrainerIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> settings = Map.of("DEEPTWEET_ROUND_LABELS", "150", "DEEPTWEET_ROUND_EPOCHS", "2");
        int sent = 0;
        for (String moment : List.of("TRAINING", "COMMITTING", "COMMITTING", "after")) {
            try (RunningTrainer trainer = trainer(settings)) {
                trainer.awaitState("WAITING");
                int before = rounds().size();
                send(labels(sent, sent + 150, true));
                sent += 150;
                if (moment.equals("after")) trainer.awaitRounds(before + 1);
                else
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> trainer.state().equals(moment) || rounds().size() > before);
                if (moment.equals("COMMITTING")) Thread.sleep(random.nextInt(400));
                trainer.kill();
            }
            assertConsistent("seed " + seed + ", killed " + moment);
        }
        int all = sent;
        try (RunningTrainer trainer = trainer(settings)) {
            trainer.awaitState("WAITING");
            await().atMost(PATIENCE)
                    .until(() ->
                            rounds().stream().mapToInt(TrainingRound::getLabels).sum() == all);
        }
        assertOnce(sent);
    }

    @Test
    void aFileOfLabelsStartsARoundAndWhatHasALabelIsNotWanted() throws Exception {
        try (RunningTrainer trainer = trainer(Map.of("DEEPTWEET_ROUND_LABELS", "200"))) {
            trainer.awaitState("WAITING");
            send(
                    "tweets.scored",
                    ScoredTweet::getId,
                    scored("sure", "my day is lovely", 0.99f),
                    scored("half", "<b>who</b> \u202eknows", 0.5f),
                    scored("likewise", "<b>who</b>  \u202eKNOWS", 0.51f),
                    scored("file", "my x0 is good", 0.5f));
            assertThat(trainer.get("/labels/wanted?limit=2").body())
                    .extracting(tweet -> tweet.path("id").asText())
                    .containsExactly("file", "half");
            assertThat(trainer.text("/labels/wanted"))
                    .doesNotContain("<")
                    .doesNotContain("\u202e")
                    .contains("\\u003cb\\u003ewho");
            assertThat(trainer.get("/labels/wanted?limit=many").status()).isEqualTo(400);

            StringBuilder table = new StringBuilder("text,sentiment\n");
            for (int i = 0; i < 240; i++)
                table.append("my x")
                        .append(i)
                        .append(" is ")
                        .append((i % 2 == 0 ? GOOD : BAD).get(i / 2 % 4))
                        .append(i % 2 == 0 ? ",positive\n" : ",negative\n");
            Path file = Files.writeString(
                    folder.resolve("labels.csv"),
                    table.append("what a day,neutral\n").toString());
            Run sent = run("label", file.toString());
            assertThat(sent)
                    .isEqualTo(new Run(0, "labels.csv: 240 labels sent, of 241 rows; dropped 1 (1 neutral)\n", ""));
            JsonNode round = trainer.awaitRounds(1).get(0);
            assertThat(round.path("published").asBoolean()).as(round.toString()).isTrue();

            assertThat(run("label", file.toString()).code())
                    .as("a file that is sent again")
                    .isZero();
            await().atMost(PATIENCE).until(() -> trainer.metric("deeptweet_labels_total{outcome=\"repeated\"}") == 240);
            assertThat(trainer.get("/labels/wanted").body())
                    .extracting(tweet -> tweet.path("id").asText())
                    .containsExactly("half", "sure");

            assertThat(run("rounds").output())
                    .contains(round.path("candidate").asText())
                    .containsPattern("new labels, of 200 that start a round: it gains on");
            assertThat(run("rounds", "--json").output())
                    .contains("\"published\" : true")
                    .contains("\"candidate\" : \"" + round.path("candidate").asText());
            assertThat(run("label", "missing.csv")).isEqualTo(new Run(1, "", "missing.csv does not exist\n"));
            assertThat(run("label").code()).isEqualTo(2);
        }
    }

    private record Run(int code, String output, String error) {}

    private Run run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", kafka.bootstrapServers(), "--registry", kafka.registryUrl()));
        int code = Trainer.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(error, true))
                .execute(all.toArray(String[]::new));
        return new Run(code, output.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    private static ScoredTweet scored(String id, String text, float probability) {
        return new ScoredTweet(
                id,
                text,
                "sample",
                "en",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.POSITIVE,
                probability,
                "base-00000000",
                List.of());
    }

    @Test
    void aWrongSettingStopsTheStartAndNamesItself() throws Exception {
        try (RunningTrainer trainer = trainer(Map.of("DEEPTWEET_GATE_LEVEL", "5"))) {
            assertThat(trainer.exitCode()).isEqualTo(1);
            assertThat(trainer.log())
                    .contains(
                            "the trainer cannot start: deeptweet.gate.level is 5: use a probability above 0 and below 1");
        }
    }

    /** What stands on the topics belongs together, whether the last round was committed or not. */
    private void assertConsistent(String when) throws Exception {
        models.fence(); // ends what a killed trainer left open
        List<TrainingRound> rounds = rounds();
        ModelLog log = models.read();
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
                .containsExactlyElementsOf(Stream.concat(Stream.of(base.version()), published.stream())
                        .toList());
        assertThat(log.activation().orElseThrow().getVersion())
                .as(when)
                .isEqualTo(published.isEmpty() ? base.version() : published.get(published.size() - 1));
        for (String version : published)
            assertThat(ModelArtefact.read(log.model(version).artefact()).version())
                    .as(when)
                    .isEqualTo(version);
        if (!rounds.isEmpty())
            assertThat(committed())
                    .as(when)
                    .isEqualTo(rounds.get(rounds.size() - 1).getConsumed());
    }

    /** Every label was consumed by one round. */
    private void assertOnce(int labels) throws Exception {
        assertConsistent("at the end");
        assertThat(rounds().stream().mapToInt(TrainingRound::getLabels).sum()).isEqualTo(labels);
        try (Admin admin = Admin.create(client)) {
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
            assertThat(committed()).isEqualTo(ends);
        }
    }

    private static DriftWindow drift(String feed, String version, List<String> alarms) {
        Instant start = Instant.parse("2024-08-15T22:00:00Z");
        return new DriftWindow(
                feed,
                start,
                start.plus(Duration.ofHours(1)),
                400L,
                0.3,
                0.1,
                Collections.nCopies(10, 40L),
                0.4,
                Map.of(version, 400L),
                alarms);
    }

    private void send(DriftWindow window) throws Exception {
        send("sentiment.drift", drift -> drift.getFeed() + "/PT1H/" + drift.getStart(), window);
    }

    @SafeVarargs
    private <T extends SpecificRecord> void send(String topic, Function<T, String> key, T... records) throws Exception {
        try (KafkaProducer<String, T> producer = new KafkaProducer<>(
                client, new StringSerializer(), new AvroSerializer<>(SchemaIds.ofRegistry(client)))) {
            for (T record : records)
                producer.send(new ProducerRecord<>(topic, key.apply(record), record))
                        .get();
        }
    }

    private List<Rejection> rejections() {
        List<Rejection> rejections = new ArrayList<>();
        Committed.read(
                client,
                Topics.REJECTED,
                Long.MAX_VALUE,
                record -> rejections.add(Rejection.readFrom(record.headers()).orElseThrow()));
        return rejections;
    }

    private void sendBytes(String key, byte[] value) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("tweets.labeled", key, value)).get();
        }
    }

    private RunningTrainer trainer(Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("DEEPTWEET_ROUND_LEARNING_RATE", "0.01", "DEEPTWEET_ROUND_EPOCHS", "3"));
        all.putAll(settings);
        return new RunningTrainer(folder, kafka, all);
    }

    private TrainingRound round(int number) {
        return rounds().stream()
                .filter(round -> round.getNumber() == number)
                .findFirst()
                .orElseThrow();
    }

    private List<TrainingRound> rounds() {
        return new RoundTopic(client, SchemaIds.ofRegistry(client)).read();
    }

    /** The group's offsets of {@code tweets.labeled}, by partition. */
    private Map<String, Long> committed() throws Exception {
        try (Admin admin = Admin.create(client)) {
            Map<String, Long> offsets = new HashMap<>();
            admin.listConsumerGroupOffsets(Rounds.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) ->
                            offsets.put(Integer.toString(partition.partition()), offset.offset()));
            return offsets;
        }
    }

    private void send(List<LabeledTweet> labels) {
        try (LabelPublisher publisher = new LabelPublisher(client, PATIENCE)) {
            labels.stream().map(publisher::publish).toList().forEach(sent -> sent.join());
        }
    }

    /** @param telling whether the words tell the label */
    private static List<LabeledTweet> labels(int from, int to, boolean telling) {
        Random random = new Random(from);
        return IntStream.range(from, to)
                .mapToObj(i -> {
                    boolean positive = random.nextBoolean();
                    boolean word = telling ? positive : random.nextBoolean();
                    return label(
                            "t" + i,
                            "my " + Integer.toString(i, 36) + " is " + (word ? GOOD : BAD).get(random.nextInt(4)),
                            positive,
                            Labeler.PERSON);
                })
                .toList();
    }

    private static LabeledTweet label(String id, String text, boolean positive, Labeler labeler) {
        return label(id, text, positive, labeler, Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static LabeledTweet label(String id, String text, boolean positive, Labeler labeler, Instant at) {
        return new LabeledTweet(
                id,
                text,
                null,
                positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                labeler,
                "a test",
                at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** A small model that knows the words, but not what they mean. */
    private static ModelArtefact base() {
        List<String> words = Stream.of(GOOD, BAD, List.of("my", "is", "day"))
                .flatMap(List::stream)
                .toList();
        Vocabulary vocabulary = Vocabulary.of(
                Stream.concat(words.stream(), IntStream.range(0, 600).mapToObj(i -> "word" + i))
                        .toList());
        int size = 24;
        int units = 8;
        Weights weights = new Weights(
                vocabulary.size(),
                size,
                units,
                random(1, vocabulary.size() * size),
                lstm(2, size, units),
                lstm(3, size, units),
                random(4, 2 * units),
                0,
                new float[1024]);
        return ModelArtefact.of(
                "base",
                TextPipeline.deepTweet(),
                64,
                vocabulary,
                weights,
                new ModelArtefact.Provenance(
                        Optional.empty(), Instant.parse("2026-01-02T03:04:05Z"), "made by a test", "{}"));
    }

    private static Weights.Lstm lstm(int seed, int size, int units) {
        return new Weights.Lstm(
                random(seed, 4 * size * units), random(seed + 10, 4 * units * units), random(seed + 20, 4 * units));
    }

    private static float[] random(int seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian() * 0.2f;
        return values;
    }
}
