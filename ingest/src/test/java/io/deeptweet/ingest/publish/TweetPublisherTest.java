// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TweetPublisherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Tweet TWEET = new Tweet(
            "é18",
            "what a day",
            "push",
            "en",
            null,
            Instant.parse("2024-08-15T22:24:09.120Z"),
            Instant.parse("2026-01-02T03:04:05Z"));
    private static final Rejection REJECTION =
            new Rejection("ingest", Rejection.Reason.NO_ID, "the tweet has no id", "feed.jsonl:12");

    @Test
    void aTweetIsKeyedByItsIdAndStampedWithTheTimeItWasWritten() {
        MockedKafka kafka = MockedKafka.thatAcknowledges();
        assertThat(kafka.publisher().publish(TWEET)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.producer().history().get(0);
        assertThat(record.key()).isEqualTo("é18".getBytes(StandardCharsets.UTF_8));
        assertThat(record.timestamp()).isEqualTo(TWEET.getCreatedAt().toEpochMilli());
        assertThat(kafka.tweets()).containsExactly(TWEET);
    }

    @Test
    void aRejectedRecordKeepsItsBytesAndHasItsReasonInHeaders() {
        MockedKafka kafka = MockedKafka.thatAcknowledges();
        byte[] bytes = {(byte) 0xff, 0, '\n', '{'};
        assertThat(kafka.publisher().reject(bytes, "election", REJECTION)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.rejected().get(0);
        assertThat(record.value()).isEqualTo(bytes);
        assertThat(Rejection.readFrom(record.headers())).contains(REJECTION);
    }

    @Test
    void whatIsTooLargeForKafkaIsCutAndSaysSo() {
        MockedKafka kafka = MockedKafka.thatAcknowledges();
        byte[] bytes = new byte[TweetPublisher.LARGEST_REJECTED + 1];
        assertThat(kafka.publisher().reject(bytes, "election", REJECTION)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.rejected().get(0);
        assertThat(record.value()).hasSize(TweetPublisher.LARGEST_REJECTED);
        assertThat(Rejection.readFrom(record.headers()).orElseThrow().detail())
                .contains("the first 900000 of 900001 bytes");
    }

    /** Back-pressure instead of memory. */
    @Test
    void whoBringsMoreThanMayBeOnItsWayWaits() throws Exception {
        MockedKafka kafka = MockedKafka.thatWaits();
        Thread source = new Thread(() -> {
            for (int i = 0; i <= TweetPublisher.IN_FLIGHT; i++)
                kafka.publisher().publish(TWEET);
        });
        source.start();
        await().atMost(PATIENCE).until(() -> source.getState() == Thread.State.WAITING);
        assertThat(kafka.producer().history()).hasSize(TweetPublisher.IN_FLIGHT);
        kafka.producer().completeNext();
        source.join(PATIENCE.toMillis());
        assertThat(source.isAlive()).isFalse();
        assertThat(kafka.producer().history()).hasSize(TweetPublisher.IN_FLIGHT + 1);
    }

    @Test
    void aFailureMakesRoomToo() {
        MockedKafka kafka = MockedKafka.thatWaits();
        for (int i = 0; i < 3 * TweetPublisher.IN_FLIGHT; i++) {
            kafka.publisher().publish(TWEET);
            kafka.producer().errorNext(new TimeoutException("away"));
        }
        assertThat(kafka.producer().history()).hasSize(3 * TweetPublisher.IN_FLIGHT);
    }

    @Test
    void whoWaitsCanBeInterruptedAndThatIsNoFault() throws Exception {
        MockedKafka kafka = MockedKafka.thatWaits();
        AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        Thread source = new Thread(() -> {
            try {
                for (int i = 0; i <= TweetPublisher.IN_FLIGHT; i++)
                    kafka.publisher().publish(TWEET);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        source.start();
        await().atMost(PATIENCE).until(() -> source.getState() == Thread.State.WAITING);
        source.interrupt();
        source.join(PATIENCE.toMillis());
        assertThat(thrown.get()).isInstanceOf(InterruptException.class);
        assertThat(kafka.publisher().fault()).isEmpty();
    }

    @Test
    void aTweetThatKafkaDoesNotTakeFailsAndTheFaultStandsUntilItTakesOne() {
        MockedKafka kafka = MockedKafka.thatWaits();
        CompletableFuture<Void> lost = kafka.publisher().publish(TWEET);
        kafka.producer().errorNext(new TimeoutException("no acknowledgement in 120000 ms"));
        assertThat(lost)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no acknowledgement");
        assertThat(kafka.publisher().fault()).contains("no acknowledgement in 120000 ms");
        kafka.publisher().publish(TWEET);
        kafka.producer().completeNext();
        assertThat(kafka.publisher().fault()).isEmpty();
    }

    /** A service that is not ready gets no tweets, and would never see that Kafka is back. */
    @Test
    void aFaultIsForgottenAfterAWhile() {
        MockedKafka kafka = MockedKafka.thatWaits();
        kafka.publisher().publish(TWEET);
        kafka.producer().errorNext(new TimeoutException("away"));
        kafka.passes(TweetPublisher.FAULT_LASTS.minusMillis(1));
        assertThat(kafka.publisher().fault()).isPresent();
        kafka.passes(Duration.ofMillis(1));
        assertThat(kafka.publisher().fault()).isEmpty();
    }

    @Test
    void whatIsSentAfterTheCloseFails() {
        MockedKafka kafka = MockedKafka.thatAcknowledges();
        kafka.publisher().close();
        assertThat(kafka.publisher().publish(TWEET)).isCompletedExceptionally();
    }
}
