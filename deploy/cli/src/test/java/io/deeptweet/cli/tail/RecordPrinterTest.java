// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordPrinterTest {
    private final InMemorySchemaIds ids = new InMemorySchemaIds();

    @Test
    void onlyRecordsOfTheFeedArePrinted() {
        ConsumerRecord<String, byte[]> tweet = record("tweets.raw", tweet("what a day"));
        assertThat(printer(Optional.of("election"), false).line(tweet))
                .hasValueSatisfying(line -> assertThat(line).contains("election", "what a day"));
        assertThat(printer(Optional.of("other"), false).line(tweet)).isEmpty();
        ConsumerRecord<String, byte[]> rejected = rejected("election");
        assertThat(printer(Optional.of("election"), false).line(rejected)).isPresent();
        assertThat(printer(Optional.of("other"), false).line(rejected)).isEmpty();
    }

    /** A terminal shows what is printed, so JSON must not hold what it obeys. */
    @Test
    void jsonIsEscapedAndMeansTheSame() throws Exception {
        String line = printer(Optional.empty(), true)
                .line(record("tweets.raw", tweet("clear \u001b[2J \u202etxt")))
                .orElseThrow();
        assertThat(line).doesNotContain("\u001b", "\u202e").contains("\\u202e");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("text").asText()).isEqualTo("clear \u001b[2J \u202etxt");
        assertThat(json.path("createdAt").asText()).isEqualTo("2024-08-15T12:00:00Z");
    }

    @Test
    void aRejectedRecordIsPrintedWithItsBytes() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(printer(Optional.empty(), true)
                        .line(rejected("election"))
                        .orElseThrow());
        assertThat(json.path("reason").asText()).isEqualTo("malformed");
        assertThat(json.path("by").asText()).isEqualTo("ingest");
        assertThat(Base64.getDecoder().decode(json.path("valueBase64").asText()))
                .isEqualTo("{".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tombstonesAndUnreadableRecordsArePrintedAsSuch() {
        assertThat(printer(Optional.empty(), false)
                        .line(new ConsumerRecord<>("tweets.labeled", 0, 7, "id\u001b", null)))
                .hasValue("deleted   id\uFFFD");
        assertThat(printer(Optional.empty(), false)
                        .line(new ConsumerRecord<>("tweets.raw", 2, 7, "id", new byte[] {1, 2, 3})))
                .hasValueSatisfying(line -> assertThat(line).startsWith("unreadable tweets.raw-2@7: "));
    }

    private RecordPrinter printer(Optional<String> feed, boolean json) {
        return new RecordPrinter(new AvroDeserializer<>(Tweet.class, ids), feed, json);
    }

    private ConsumerRecord<String, byte[]> record(String topic, Tweet tweet) {
        return new ConsumerRecord<>(topic, 0, 0, tweet.getId(), new AvroSerializer<Tweet>(ids).serialize(topic, tweet));
    }

    private static ConsumerRecord<String, byte[]> rejected(String feed) {
        var record = new ConsumerRecord<>("tweets.rejected", 0, 0, feed, "{".getBytes(StandardCharsets.UTF_8));
        new Rejection("ingest", Reason.MALFORMED, "no JSON", "tweets.jsonl:61").writeTo(record.headers());
        return record;
    }

    private static Tweet tweet(String text) {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        return new Tweet("1", text, "election", "en", "ada", noon, noon, TweetKind.POST);
    }
}
