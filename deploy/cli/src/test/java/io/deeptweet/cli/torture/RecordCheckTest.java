// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the torture trusts: that it would see every kind of loss. */
class RecordCheckTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final List<Topic> READ =
            List.of(Topics.RAW, Topics.SCORED, Topics.REJECTED, Topics.WINDOWS, Topics.ROUNDS);

    private final SentRecords sent = new SentRecords(0);
    private final InMemorySchemaIds ids = new InMemorySchemaIds();
    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest");
    private final Map<Topic, Long> offsets = new HashMap<>();
    private Outcome outcome;

    @BeforeEach
    void start() {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (Topic topic : READ) {
            kafka.updatePartitions(topic.name(), List.of(new PartitionInfo(topic.name(), 0, null, null, null)));
            beginnings.put(new TopicPartition(topic.name(), 0), 0L);
        }
        kafka.updateBeginningOffsets(beginnings);
        outcome = new Outcome(kafka, ids);
        // Two tweets, a record of each kind of invalid ones, and two labels, all accounted for.
        sent.tweets.set(2);
        sent.invalid.set(1);
        sent.garbage.set(1);
        sent.spoiled.set(1);
        sent.labels.set(2);
        for (int number = 0; number < 2; number++) {
            published(number);
            scored(number);
        }
        windows(2);
        for (String prefix : List.of(SentRecords.INVALID, SentRecords.GARBAGE, SentRecords.SPOILED))
            write(Topics.REJECTED, "key", ("{\"id\": \"" + prefix + "0\"").getBytes(UTF_8));
        round(1, 2);
    }

    @Test
    void whatIsAllThereIsAccountedFor() {
        assertThat(differences(0)).isEmpty();
    }

    @Test
    void aTweetThatIsLostBeforeOrBehindIngestIsTold() {
        sent.tweets.set(4);
        published(2);
        assertThat(differences(0))
                .containsExactlyInAnyOrder(
                        "1 tweets were acknowledged and are not on tweets.raw: torture-3",
                        "1 tweets are on tweets.raw and were not scored: torture-2");
    }

    @Test
    void aTweetThatIsScoredTwiceIsToldWithTheReason() {
        scored(0);
        published(1);
        scored(1);
        assertThat(differences(0))
                .containsExactlyInAnyOrder(
                        "1 tweets are on tweets.raw once and were scored more often: torture-0",
                        "1 tweets are on tweets.raw more than once, because a request was repeated, and were scored"
                                + " more often: torture-1");
    }

    @Test
    void aLineOfTheReplayedFileThatIsLostOrTwiceThereIsTold() {
        for (int i = 0; i < 2; i++) write(Topics.RAW, SentRecords.replayedId(1), new byte[0]);
        outcome.read();
        assertThat(RecordCheck.differences(new SentRecords(2), outcome, 0))
                .contains(
                        "1 lines of the replayed file are not on tweets.raw: replayed-0",
                        "1 lines of the replayed file are more than once on tweets.raw: replayed-1",
                        "2 lines of the replayed file are not scored: replayed-0, replayed-1");
    }

    @Test
    void aWindowThatCountsOneTooManyOrTooFewIsTold() {
        windows(3);
        assertThat(differences(0))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence)
                        .startsWith("3 windows count other tweets than those scored: ")
                        .contains("first/PT1H/2024-08-15T12:00:00Z counts 3 of 2"));
    }

    @Test
    void anInvalidRecordThatIsNotRejectedOrTwiceIsTold() {
        sent.invalid.set(2);
        write(Topics.REJECTED, "key", (SentRecords.GARBAGE + "0").getBytes(UTF_8));
        assertThat(differences(0))
                .containsExactlyInAnyOrder(
                        "1 invalid records that were posted were not rejected: invalid-1",
                        "1 invalid records on tweets.raw were rejected more than once: garbage-0");
    }

    @Test
    void anInvalidRecordOfARepeatedRequestMayBeRejectedTwice() {
        sent.repeatedInvalid(0);
        write(Topics.REJECTED, "key", (SentRecords.INVALID + "0").getBytes(UTF_8));
        assertThat(differences(0)).isEmpty();
    }

    @Test
    void aRoundThatHappensTwiceAndALabelThatIsLostAreTold() {
        round(1, 2);
        assertThat(differences(0))
                .contains(
                        "1 rounds were recorded more than once: round 1",
                        "2 labels were sent, but rounds consumed 4 and 0 wait");
        assertThat(differences(1)).contains("2 labels were sent, but rounds consumed 4 and 1 wait");
    }

    @Test
    void aRecordThatNobodySentIsTold() {
        write(Topics.REJECTED, "key", "a stranger".getBytes(UTF_8));
        assertThat(differences(0)).containsExactly("1 records that were never sent came out: rejected: a stranger");
    }

    private List<String> differences(int newLabels) {
        outcome.read();
        return RecordCheck.differences(sent, outcome, newLabels);
    }

    private void published(int number) {
        write(Topics.RAW, SentRecords.id(number), new byte[0]);
    }

    private void scored(int number) {
        write(
                Topics.SCORED,
                new ScoredTweet(
                        SentRecords.id(number),
                        "a",
                        "first",
                        "en",
                        null,
                        NOON,
                        NOON,
                        NOON,
                        Sentiment.POSITIVE,
                        new Probabilities(0f, 0f, 1f),
                        "v1",
                        List.of()));
    }

    private void windows(long count) {
        for (Duration size : Outcome.WINDOW_SIZES)
            write(
                    Topics.WINDOWS,
                    new SentimentWindow(
                            "first",
                            NOON,
                            NOON.plus(size),
                            count,
                            0L,
                            0L,
                            count,
                            new Probabilities(0f, 0f, 1f),
                            null,
                            Map.of("v1", count),
                            0L,
                            false,
                            null));
    }

    private void round(int number, int labels) {
        write(
                Topics.ROUNDS,
                TrainingRound.newBuilder()
                        .setNumber(number)
                        .setStartedAt(NOON)
                        .setEndedAt(NOON)
                        .setStartedBecause("a test")
                        .setParent("v1")
                        .setPublished(false)
                        .setBecause("a test")
                        .setLabels(labels)
                        .setTrained(0)
                        .setRehearsed(0)
                        .setValidated(0)
                        .setSeconds(0)
                        .setBytes(0)
                        .setConsumed(Map.of("0", 2L))
                        .build());
    }

    private <T extends SpecificRecord> void write(Topic topic, T record) {
        write(topic, "key", new AvroSerializer<T>(ids).serialize(topic.name(), record));
    }

    private void write(Topic topic, String key, byte[] value) {
        long offset = offsets.merge(topic, 1L, Long::sum) - 1;
        kafka.addRecord(new ConsumerRecord<>(topic.name(), 0, offset, key.getBytes(UTF_8), value));
    }
}
