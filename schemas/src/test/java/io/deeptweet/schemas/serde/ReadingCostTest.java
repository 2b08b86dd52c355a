// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas by which a few bytes would keep a reader busy for hours: a test that fails does not end. */
class ReadingCostTest {
    private final InMemorySchemaIds ids = new InMemorySchemaIds();

    @Test
    void ourOwnSchemasAreRead() {
        for (Schema schema : List.of(
                Tweet.getClassSchema(),
                ScoredTweet.getClassSchema(),
                LabeledTweet.getClassSchema(),
                SentimentWindow.getClassSchema(),
                ModelRecord.getClassSchema(),
                TrainingRound.getClassSchema(),
                AuditRecord.getClassSchema(),
                SourcePosition.getClassSchema()))
            assertThat(ReadingCost.fault(schema)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'null'",
                "{'type': 'array', 'items': 'string'}",
                "{'type': 'map', 'values': 'null'}",
                "['null', {'type': 'record', 'name': 'R', 'fields': [{'name': 'next', 'type': ['null', 'R']}]}]",
                "{'type': 'record', 'name': 'E', 'fields': []}"
            })
    void ordinaryAdditionsAreRead(String type) {
        assertThat(ReadingCost.fault(withJunk(type))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'array', 'items': 'null'}",
                "{'type': 'array', 'items': {'type': 'record', 'name': 'E', 'fields': []}}",
                "{'type': 'array', 'items': {'type': 'fixed', 'name': 'F', 'size': 0}}",
                "{'type': 'map', 'values': {'type': 'array', 'items': 'null'}}",
                "['null', {'type': 'array', 'items': 'null'}]",
                "{'type': 'record', 'name': 'R', 'fields': [{'name': 'next', 'type': 'R'}]}"
            })
    void typesThatTakeNoBytesAreNotRead(String type) {
        assertThat(ReadingCost.fault(withJunk(type))).isPresent();
    }

    @Test
    void recordsThatDoubleWithEachLevelAreNotRead() {
        String type = "{'type': 'record', 'name': 'A0', 'fields': []}";
        for (int level = 1; level <= 40; level++)
            type = "{'type': 'record', 'name': 'A" + level + "', 'fields': [{'name': 'a', 'type': " + type
                    + "}, {'name': 'b', 'type': 'A" + (level - 1) + "'}]}";
        assertThat(ReadingCost.fault(withJunk(type)).orElseThrow()).contains("parts in");
        // The same where a union hides it: each byte would cost as much.
        assertThat(ReadingCost.fault(withJunk("['null', " + type + "]"))).isPresent();
    }

    @Test
    void aRecordOfSuchASchemaIsInvalidWhateverItClaims() throws IOException {
        Schema schema = withJunk("{'type': 'array', 'items': 'null'}");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(ByteBuffer.allocate(Integer.BYTES)
                .putInt(ids.idOf("evil-value", schema))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        GenericRecord tweet = new GenericData.Record(Tweet.getClassSchema());
        Tweet valid = new Tweet("1", "hello", "feed", "en", null, Instant.EPOCH, Instant.EPOCH, TweetKind.POST);
        for (Schema.Field field : Tweet.getClassSchema().getFields())
            tweet.put(field.pos(), generic(valid.get(field.pos())));
        new GenericDatumWriter<GenericRecord>(Tweet.getClassSchema()).write(tweet, encoder);
        encoder.writeLong(1L << 61);
        encoder.writeLong(0);
        encoder.flush();
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, ids);
        for (int i = 0; i < 2; i++)
            assertThatThrownBy(() -> deserializer.deserialize("tweets.raw", bytes.toByteArray()))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("the items of an array take no bytes");
    }

    private static Object generic(Object value) {
        return value instanceof Instant time ? (Object) time.toEpochMilli() : value;
    }

    /** Tweets with another field, which readers skip. */
    private static Schema withJunk(String type) {
        String tweet = Tweet.getClassSchema().toString();
        String field = ",{\"name\":\"junk\",\"type\":" + type.replace('\'', '"') + "}]";
        int end = tweet.lastIndexOf(']');
        // The fields end at the last bracket that is followed by nothing of a type.
        return new Schema.Parser().parse(tweet.substring(0, end) + field + tweet.substring(end + 1));
    }
}
