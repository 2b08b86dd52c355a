// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.classifier.prescore.PreparedTweet;
import io.deeptweet.classifier.prescore.PrescoringInterceptor;
import io.deeptweet.schemas.Tweet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrescoringTopologyTest extends TopologyHarness {
    private final TestScorers.BatchRecording batches = new TestScorers.BatchRecording(new ArrayList<>());
    private final PrescoringInterceptor interceptor = new PrescoringInterceptor();

    @BeforeEach
    void configure() {
        model.swap(batches);
        interceptor.configure(Map.of(
                PrescoringInterceptor.CONFIG, new PrescoringInterceptor.Config(model, ids, Set.of("explained"))));
    }

    @Test
    void tweetsOfOnePollAreScoredInOneBatchAndScoredAgainAfterASwap() {
        List<ConsumerRecord<byte[], byte[]>> polled = List.of(
                record(0, tweet("0", "election", NOON, "a")),
                record(1, tweet("1", "election", NOON, "b")),
                new ConsumerRecord<>("tweets.raw", 0, 2, null, "nonsense".getBytes(UTF_8)),
                record(3, tweet("2", "explained", NOON, "c")),
                record(4, tweet("3", "election", NOON, "d")),
                new ConsumerRecord<>("tweets.raw", 0, 5, null, null));
        poll(polled);
        assertThat(batches.batches()).containsExactly(List.of("a", "b", "d"));

        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (record.offset() == 4) model.swap(new TestScorers.Constant("v2", 0.25f));
            pipe(record, record.value());
        }
        assertThat(scored.readRecordsToList())
                .allSatisfy(record -> assertThat(record.headers()).isEmpty())
                .extracting(
                        record -> record.value().getId() + " " + record.value().getModelVersion())
                .containsExactly("0 batches", "1 batches", "2 batches", "3 v2");
        assertThat(rejected.readRecordsToList())
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.headers())
                        .extracting(Header::key)
                        .allMatch(key -> key.startsWith("deeptweet.rejected.")));
        assertThat(batches.batches()).as("none is scored again").containsExactly(List.of("a", "b", "d"));
    }

    @Test
    void aTweetIsDecodedOnceEvenIfItsFeedShowsStrongestWords() {
        ConsumerRecord<byte[], byte[]> prescored = record(0, tweet("0", "election", NOON));
        ConsumerRecord<byte[], byte[]> decoded = record(1, tweet("1", "explained", NOON));
        poll(List.of(prescored, decoded));
        assertThat(prescored.headers().lastHeader(PreparedTweet.KEY))
                .isInstanceOf(PreparedTweet.PrecomputedScore.class);
        assertThat(decoded.headers().lastHeader(PreparedTweet.KEY)).isInstanceOf(PreparedTweet.Decoded.class);

        pipe(prescored, "not read again".getBytes(UTF_8));
        pipe(decoded, "not read again".getBytes(UTF_8));
        assertThat(scored.readKeyValuesToList())
                .extracting(record -> record.key)
                .containsExactly("0", "1");
    }

    @Test
    void aTextThatTheModelFailsAtDoesNotFailThePoll() {
        model.swap(new TestScorers.FailingAtSome("v2"));
        List<ConsumerRecord<byte[], byte[]>> polled = List.of(
                record(0, tweet("0", "election", NOON, "fine")),
                record(1, tweet("1", "election", NOON, "this throws")));
        poll(polled);
        polled.forEach(record -> pipe(record, record.value()));
        assertThat(scored.readKeyValuesToList())
                .extracting(record -> record.key)
                .containsExactly("0");
        assertThat(rejected.getQueueSize()).isEqualTo(1);
    }

    private void poll(List<ConsumerRecord<byte[], byte[]>> records) {
        interceptor.onConsume(new ConsumerRecords<>(Map.of(new TopicPartition("tweets.raw", 0), records), Map.of()));
    }

    private void pipe(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        raw.pipeInput(new TestRecord<>(record.key(), value, record.headers(), NOON));
    }

    private ConsumerRecord<byte[], byte[]> record(long offset, Tweet tweet) {
        return new ConsumerRecord<>("tweets.raw", 0, offset, tweet.getId().getBytes(UTF_8), bytes(tweet));
    }
}
