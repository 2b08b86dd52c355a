// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.RegistryUnavailableException;
import io.deeptweet.schemas.serde.SchemaIds;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class RejectionTopologyTest extends TopologyHarness {
    @Test
    void bytesThatAreNotAvroAreRejectedByteForByteWithTheReasonInHeaders() {
        byte[] key = {1, 2, (byte) 0xff};
        byte[] value = "{\"id\": 1}".getBytes(UTF_8);
        Headers headers = new RecordHeaders().add("trace", new byte[] {42});
        pipe(tweet("0", "election", NOON));
        raw.pipeInput(new TestRecord<>(key, value, headers, NOW.toEpochMilli()));

        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.key()).isEqualTo(key);
        assertThat(record.value()).isEqualTo(value);
        assertThat(record.headers().lastHeader("trace").value()).containsExactly(42);
        Rejection rejection = Rejection.readFrom(record.headers()).orElseThrow();
        assertThat(rejection.by()).isEqualTo("classifier");
        assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNDECODABLE);
        assertThat(rejection.detail()).startsWith("not in Confluent's wire format");
        assertThat(rejection.origin()).isEqualTo("tweets.raw-0@1");
        assertThat(scored.getQueueSize()).isEqualTo(1);
        assertThat(observer.rejections).containsExactly(rejection);
    }

    @Test
    void aRecordOfAnotherTypeIsRejected() {
        byte[] window = AvroSerde.of(SentimentWindow.class, ids)
                .serializer()
                .serialize(
                        "tweets.raw",
                        new SentimentWindow(
                                "election",
                                NOON,
                                NOON,
                                0L,
                                0L,
                                0L,
                                0L,
                                new Probabilities(0f, 0f, 0f),
                                null,
                                Map.of(),
                                0L,
                                false,
                                null));
        raw.pipeInput("1".getBytes(UTF_8), window);
        assertThat(rejected.readValue()).isEqualTo(window);
        assertThat(observer.rejections)
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.detail()).contains("SentimentWindow"));
    }

    @Test
    void aRecordWithoutAValueIsRejected() {
        raw.pipeInput("1".getBytes(UTF_8), (byte[]) null);
        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.key()).isEqualTo("1".getBytes(UTF_8));
        assertThat(record.value()).isNull();
        assertThat(Rejection.readFrom(record.headers()).orElseThrow().reason()).isEqualTo(Rejection.Reason.UNDECODABLE);
    }

    @Test
    void aTweetWhoseKeyIsNotItsIdIsRejectedByteForByte() {
        Tweet tweet = tweet("1", "election", NOON);
        raw.pipeInput(null, bytes(tweet));
        raw.pipeInput("2".getBytes(UTF_8), bytes(tweet));

        List<TestRecord<byte[], byte[]>> records = rejected.readRecordsToList();
        assertThat(records).extracting(TestRecord::key).containsExactly(null, "2".getBytes(UTF_8));
        assertThat(records).extracting(TestRecord::value).containsExactly(bytes(tweet), bytes(tweet));
        assertThat(observer.rejections).extracting(Rejection::reason).containsOnly(Rejection.Reason.INVALID_FIELD);
        assertThat(scored.isEmpty()).isTrue();
    }

    @Test
    void aTweetWithoutAnIdAndATweetFromBefore1970AreRejected() {
        pipe(tweet(" ", "election", NOON));
        pipe(tweet("2", "election", Instant.parse("1969-12-31T23:59:59Z")));
        assertThat(observer.rejections)
                .extracting(Rejection::reason)
                .containsExactly(Rejection.Reason.NO_ID, Rejection.Reason.INVALID_FIELD);
        assertThat(rejected.getQueueSize()).isEqualTo(2);
    }

    @Test
    void anOversizedRecordIsRejectedCutAndTheStreamGoesOn() {
        byte[] value = "x".repeat(5_000_000).getBytes(UTF_8);
        Headers headers = new RecordHeaders().add("large", new byte[900_000]);
        raw.pipeInput(new TestRecord<>(new byte[900_000], value, headers, NOW.toEpochMilli()));
        pipe(tweet("1", "election", NOON));

        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.value()).hasSize(RejectedCopy.LARGEST_VALUE);
        assertThat(record.key()).hasSize(RejectedCopy.LARGEST_KEY);
        assertThat(new String(
                        record.headers().lastHeader(RejectedCopy.VALUE_LENGTH).value(), UTF_8))
                .isEqualTo("5000000");
        assertThat(record.headers().lastHeader("large")).isNull();
        assertThat(scored.readValue().getId()).isEqualTo("1");
    }

    @Test
    void aTweetBeyondTheLimitsIsRejected() {
        pipe(tweet("1", "f".repeat(600_000), NOON));
        pipe(tweet("2", "election", NOON, "t".repeat(1_000_000)));
        pipe(tweet("3".repeat(257), "election", NOON));
        Tweet tweet = tweet("4", "election", NOON);
        Headers headers = new RecordHeaders().add("large", new byte[900_000]);
        raw.pipeInput(new TestRecord<>("4".getBytes(UTF_8), bytes(tweet), headers, NOW.toEpochMilli()));

        assertThat(observer.rejections)
                .extracting(Rejection::reason)
                .containsExactly(
                        Rejection.Reason.INVALID_FIELD,
                        Rejection.Reason.TOO_LARGE,
                        Rejection.Reason.INVALID_FIELD,
                        Rejection.Reason.TOO_LARGE);
        assertThat(rejected.getQueueSize()).isEqualTo(4);
        assertThat(scored.isEmpty()).isTrue();
    }

    @Test
    void aTweetThatTheModelCannotScoreIsRejectedAlone() {
        model.swap(new TestScorers.FailingAtSome("v2"));
        Tweet failing = tweet("1", "election", NOON, "this throws");
        pipe(failing);
        pipe(tweet("2", "election", NOON, "a nan"));
        pipe(tweet("3", "election", NOON, "fine"));

        assertThat(scored.readValuesToList()).extracting(ScoredTweet::getId).containsExactly("3");
        assertThat(rejected.readRecordsToList()).hasSize(2).first().satisfies(record -> {
            assertThat(record.key()).isEqualTo("1".getBytes(UTF_8));
            assertThat(record.value()).isEqualTo(bytes(failing));
            assertThat(Rejection.readFrom(record.headers()).orElseThrow().detail())
                    .startsWith("model v2 cannot score the text: ");
        });
        assertThat(observer.rejections).extracting(Rejection::reason).containsOnly(Rejection.Reason.SCORING_FAILED);
    }

    /** Otherwise an outage of the registry would send valid tweets to tweets.rejected. */
    @Test
    void aRegistryThatDoesNotAnswerRejectsNoTweet() {
        Tweet tweet = tweet("1", "election", NOON);
        byte[] value = bytes(tweet);
        driver.close();
        start(SchemaIds.ofRegistry(Map.of("schema.registry.url", "http://localhost:1", "max.retries", 0)));

        assertThatThrownBy(() -> raw.pipeInput("1".getBytes(UTF_8), value))
                .hasRootCauseInstanceOf(ConnectException.class)
                .satisfies(thrown ->
                        assertThat(causes(thrown)).hasAtLeastOneElementOfType(RegistryUnavailableException.class));
        assertThat(rejected.isEmpty()).isTrue();
        assertThat(observer.rejections).isEmpty();
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) causes.add(cause);
        return causes;
    }
}
