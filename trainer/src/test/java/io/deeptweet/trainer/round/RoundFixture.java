// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.FreshTopics;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Empty topics on the shared broker, without a group of trainers, and a small active model that a round can improve: it
 * knows the words of the labels, but not their sentiment.
 */
public final class RoundFixture {
    public static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Words of positive texts. */
    public static final List<String> GOOD = List.of("good", "great", "fine", "lovely");
    /** Words of negative texts. */
    public static final List<String> BAD = List.of("bad", "awful", "sad", "horrid");

    final LocalKafka kafka = LocalKafka.shared();
    public final Map<String, Object> client = FreshTopics.clientOf(kafka);
    public final ModelTopic models = new ModelTopic(client, Clock.systemUTC());
    public final ModelArtefact base = TestModels.untrained(Stream.of(GOOD, BAD, List.of("my", "is", "day"))
            .flatMap(List::stream)
            .toList());

    /** Empties the topics, without an active model. */
    public static RoundFixture withoutModel() throws Exception {
        RoundFixture fixture = new RoundFixture();
        if (!fixture.deleteGroup()) {
            fixture.removeMembers();
            assertThat(fixture.deleteGroup()).isTrue();
        }
        FreshTopics.recreate(fixture.client, 2, Topics.all());
        return fixture;
    }

    /** Empties the topics and publishes {@link #base}. */
    static RoundFixture create() throws Exception {
        RoundFixture fixture = withoutModel();
        fixture.publishBase();
        return fixture;
    }

    public void publishBase() {
        models.publish(Artefacts.published(base), true, ChangeOrigin.command("the first"));
    }

    /** Deletes the group of trainers. Returns whether there is none now; otherwise it still has members. */
    private boolean deleteGroup() throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.deleteConsumerGroups(Set.of(RoundRunner.GROUP)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupNotEmptyException) return false;
            if (e.getCause() instanceof GroupIdNotFoundException) return true;
            throw e;
        }
    }

    /** Removes trainers that were killed from the group, which the broker does after their session's timeout. */
    void removeMembers() throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.removeMembersFromConsumerGroup(RoundRunner.GROUP, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        }
    }

    /**
     * Labels of short texts.
     *
     * @param telling whether the texts' words agree with the labels; otherwise they are random
     */
    public static List<LabeledTweet> labels(int from, int to, boolean telling) {
        Random random = new Random(from);
        return IntStream.range(from, to)
                .mapToObj(i -> {
                    boolean positive = random.nextBoolean();
                    boolean word = telling ? positive : random.nextBoolean();
                    return label("t" + i, text(i, word, random.nextInt(4)), positive);
                })
                .toList();
    }

    /** Labelled texts that no label of {@link #labels} has. */
    public static List<LabeledText> guard() {
        return IntStream.range(0, 40)
                .mapToObj(i -> new LabeledText("guarded " + text(10_000 + i, i % 2 == 0, i / 2 % 4), i % 2 == 0))
                .toList();
    }

    /** Writes {@link #guard} to a file in a folder. */
    public static Path writeGuard(Path folder) {
        try {
            return Files.writeString(
                    folder.resolve("guard.csv"),
                    guard().stream()
                            .map(text -> text.text() + "," + (text.positive() ? "positive" : "negative") + "\n")
                            .collect(Collectors.joining("", "text,label\n", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text with a good or a bad word. */
    public static String text(int number, boolean positive, int word) {
        return "my " + Integer.toString(number, 36) + " is " + (positive ? GOOD : BAD).get(word);
    }

    public static LabeledTweet label(String id, String text, boolean positive) {
        return label(id, text, positive, Instant.parse("2026-01-02T03:04:05Z"));
    }

    static LabeledTweet label(String id, String text, boolean positive, Instant at) {
        return new LabeledTweet(
                id,
                text,
                null,
                positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                Labeler.PERSON,
                "a test",
                at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Writes labels to {@code tweets.labeled}, and waits until all are acknowledged. */
    public void send(List<LabeledTweet> labels) {
        try (LabelPublisher publisher = new LabelPublisher(client, PATIENCE)) {
            labels.stream().map(publisher::publish).toList().forEach(CompletableFuture::join);
        }
    }

    /** Writes bytes to {@code tweets.labeled}; many, too, if they can be compressed. */
    void sendBytes(String key, byte[] value) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("compression.type", "gzip");
        settings.put("max.request.size", 10_000_000);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.LABELED.name(), key, value))
                    .get();
        }
    }

    /** Writes records to a topic. */
    @SafeVarargs
    public final <T extends SpecificRecord> void send(String topic, Function<T, String> key, T... records)
            throws Exception {
        try (KafkaProducer<String, T> producer = new KafkaProducer<>(
                client, new StringSerializer(), new AvroSerializer<>(SchemaIds.ofRegistry(client)))) {
            for (T record : records)
                producer.send(new ProducerRecord<>(topic, key.apply(record), record))
                        .get();
        }
    }

    /** All committed rounds. */
    public List<TrainingRound> rounds() {
        return new RoundTopic(client, SchemaIds.ofRegistry(client)).read();
    }

    /** Waits until this many rounds have been committed. */
    public List<TrainingRound> awaitRounds(int count) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(this::rounds, rounds -> rounds.size() >= count);
    }

    /** The version that is active. */
    String activeVersion() {
        return models.read().activation().orElseThrow().getVersion();
    }

    /** The records of {@code tweets.rejected}. */
    public List<Rejected> rejected() {
        List<Rejected> rejected = new ArrayList<>();
        CommittedReader.readAll(
                client,
                Topics.REJECTED,
                record -> rejected.add(
                        new Rejected(Rejection.readFrom(record.headers()).orElseThrow(), record.value())));
        return rejected;
    }

    /** A record of {@code tweets.rejected}. */
    public record Rejected(Rejection rejection, byte[] value) {}

    /** The group's offsets of {@code tweets.labeled}, by partition. */
    Map<String, Long> committed() throws Exception {
        try (Admin admin = Admin.create(client)) {
            Map<String, Long> offsets = new HashMap<>();
            admin.listConsumerGroupOffsets(RoundRunner.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) ->
                            offsets.put(Integer.toString(partition.partition()), offset.offset()));
            return offsets;
        }
    }
}
