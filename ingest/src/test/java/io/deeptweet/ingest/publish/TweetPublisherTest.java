// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.RejectedCopy;
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
            Instant.parse("2026-01-02T03:04:05Z"),
            TweetKind.POST);
    private static final Rejection REJECTION =
            new Rejection("ingest", Rejection.Reason.NO_ID, "the tweet has no id", "feed.jsonl:12");

    @Test
    void aTweetIsKeyedByItsIdAndStampedWithTheTimeItWasWritten() {
        KafkaMock kafka = KafkaMock.thatAcknowledges();
        assertThat(kafka.publisher().publish(TWEET)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.producer().history().get(0);
        assertThat(record.key()).isEqualTo("é18".getBytes(StandardCharsets.UTF_8));
        assertThat(record.timestamp()).isEqualTo(TWEET.getCreatedAt().toEpochMilli());
        assertThat(kafka.tweets()).containsExactly(TWEET);
    }

    @Test
    void aRejectedRecordKeepsItsBytesAndHasItsReasonInHeaders() {
        KafkaMock kafka = KafkaMock.thatAcknowledges();
        byte[] bytes = {(byte) 0xff, 0, '\n', '{'};
        assertThat(kafka.publisher().reject(bytes, "election", REJECTION)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.rejected().get(0);
        assertThat(record.value()).isEqualTo(bytes);
        assertThat(Rejection.readFrom(record.headers())).contains(REJECTION);
    }

    @Test
    void aRecordThatIsTooLargeForKafkaIsCutAndHeadersSaySo() {
        KafkaMock kafka = KafkaMock.thatAcknowledges();
        byte[] bytes = new byte[RejectedCopy.LARGEST_VALUE + 1];
        assertThat(kafka.publisher().reject(bytes, "election", REJECTION)).isCompleted();
        ProducerRecord<byte[], byte[]> record = kafka.rejected().get(0);
        assertThat(record.value()).hasSize(RejectedCopy.LARGEST_VALUE);
        assertThat(Rejection.readFrom(record.headers())).contains(REJECTION);
        assertThat(record.headers().lastHeader(RejectedCopy.VALUE_LENGTH).value())
                .asString(UTF_8)
                .isEqualTo("900001");
    }

    @Test
    void publishingWaitsWhileTooManyRecordsAreNotAcknowledged() throws Exception {
        KafkaMock kafka = KafkaMock.thatWaits();
        Thread source = new Thread(() -> {
            for (int i = 0; i <= TweetPublisher.MAX_IN_FLIGHT; i++) publish(kafka);
        });
        source.start();
        await().atMost(PATIENCE).until(() -> source.getState() == Thread.State.WAITING);
        assertThat(kafka.producer().history()).hasSize(TweetPublisher.MAX_IN_FLIGHT);
        kafka.producer().completeNext();
        source.join(PATIENCE.toMillis());
        assertThat(source.isAlive()).isFalse();
        assertThat(kafka.producer().history()).hasSize(TweetPublisher.MAX_IN_FLIGHT + 1);
    }

    @Test
    void aFailedRecordMakesRoomForAnother() {
        KafkaMock kafka = KafkaMock.thatWaits();
        for (int i = 0; i < 3 * TweetPublisher.MAX_IN_FLIGHT; i++) {
            publish(kafka);
            kafka.producer().errorNext(new TimeoutException("away"));
        }
        assertThat(kafka.producer().history()).hasSize(3 * TweetPublisher.MAX_IN_FLIGHT);
    }

    @Test
    void aWaitingSourceCanBeInterruptedAndThatIsNotAFailure() throws Exception {
        KafkaMock kafka = KafkaMock.thatWaits();
        AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        Thread source = new Thread(() -> {
            try {
                for (int i = 0; i <= TweetPublisher.MAX_IN_FLIGHT; i++) publish(kafka);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        source.start();
        await().atMost(PATIENCE).until(() -> source.getState() == Thread.State.WAITING);
        source.interrupt();
        source.join(PATIENCE.toMillis());
        assertThat(thrown.get()).isInstanceOf(InterruptException.class);
        assertThat(kafka.publisher().currentFailure()).isEmpty();
    }

    @Test
    void aFailureIsCurrentUntilKafkaAcknowledgesARecord() {
        KafkaMock kafka = KafkaMock.thatWaits();
        CompletableFuture<Void> lost = kafka.publisher().publish(TWEET);
        kafka.producer().errorNext(new TimeoutException("no acknowledgement in 120000 ms"));
        assertThat(lost)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no acknowledgement");
        assertThat(kafka.publisher().currentFailure()).contains("no acknowledgement in 120000 ms");
        publish(kafka);
        kafka.producer().completeNext();
        assertThat(kafka.publisher().currentFailure()).isEmpty();
    }

    /** Otherwise a service that is not ready, and so gets no tweets, would never become ready again. */
    @Test
    void aFailureIsNotCurrentForLong() {
        KafkaMock kafka = KafkaMock.thatWaits();
        publish(kafka);
        kafka.producer().errorNext(new TimeoutException("away"));
        kafka.advance(TweetPublisher.FAILURE_LASTS.minusMillis(1));
        assertThat(kafka.publisher().currentFailure()).isPresent();
        kafka.advance(Duration.ofMillis(1));
        assertThat(kafka.publisher().currentFailure()).isEmpty();
    }

    @Test
    void publishingFailsAfterTheClose() {
        KafkaMock kafka = KafkaMock.thatAcknowledges();
        kafka.publisher().close();
        assertThat(kafka.publisher().publish(TWEET)).isCompletedExceptionally();
    }

    private static void publish(KafkaMock kafka) {
        var unused = kafka.publisher().publish(TWEET);
    }
}
