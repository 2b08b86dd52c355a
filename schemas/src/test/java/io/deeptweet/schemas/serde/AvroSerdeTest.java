// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AvroSerdeTest {
    private static final Instant WRITTEN = Instant.parse("2024-08-15T22:24:09Z");
    private static final Tweet TWEET = new Tweet(
            "1", "so happy 😀 \u202eabc", "election", null, "ada", WRITTEN, WRITTEN.plusSeconds(3), TweetKind.POST);

    /** Avro's encoding of 2^31 - 8. */
    private static final byte[] HUGE = {(byte) 0xf0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};

    private final SchemaIds ids = new InMemorySchemaIds();
    private final AvroSerde<Tweet> serde = AvroSerde.of(Tweet.class, ids);

    @Test
    void aRecordIsReadAsItWasWritten() {
        assertThat(roundTrip(TWEET)).isEqualTo(TWEET);
        assertThat(roundTrip(TWEET).getLanguage()).isEqualTo(Optional.empty());
    }

    @Test
    void aTombstoneIsWrittenAndReadAsNull() {
        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", null)).isNull();
    }

    @Test
    void theWireFormatIsConfluents() {
        ByteBuffer bytes = ByteBuffer.wrap(serde.serializer().serialize("t", TWEET));
        assertThat(bytes.get()).isZero();
        assertThat(bytes.getInt()).isEqualTo(ids.idOf("t-value", Tweet.getClassSchema()));
        // The first field follows: a zigzag length and its bytes.
        assertThat(bytes.get()).isEqualTo((byte) (1 << 1));
        assertThat(bytes.get()).isEqualTo((byte) '1');
    }

    /** A newer producer may add a field. */
    @Test
    void aRecordOfANewerSchemaIsRead() throws IOException {
        Schema newer = new Schema.Parser()
                .parse(Tweet.getClassSchema()
                        .toString()
                        .replace("\"fields\":[", "\"fields\":[{\"name\":\"likes\",\"type\":\"long\",\"default\":0},"));
        GenericRecord record = new GenericData.Record(newer);
        record.put("likes", 7L);
        record.put("id", "1");
        record.put("text", "hello");
        record.put("feed", "push");
        record.put("createdAt", WRITTEN.toEpochMilli());
        record.put("ingestedAt", WRITTEN.toEpochMilli());
        record.put("kind", TweetKind.POST);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5)
                .put((byte) 0)
                .putInt(ids.idOf("t-value", newer))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(newer).write(record, encoder);
        encoder.flush();

        assertThat(serde.deserializer().deserialize("t", bytes.toByteArray()).getText())
                .isEqualTo("hello");
    }

    @Test
    void bytesThatAreNotARecordAreRefusedWithAReason() {
        byte[] good = serde.serializer().serialize("t", TWEET);
        byte[] ofOtherMagic = good.clone();
        ofOtherMagic[0] = '{';
        byte[] ofUnknownId = good.clone();
        ofUnknownId[4] = 99;
        assertRefused(new byte[0], "no bytes at all");
        assertRefused(new byte[] {0, 0, 0}, "wire format");
        assertRefused(ofOtherMagic, "the first 123");
        assertRefused(ofUnknownId, "no schema with id 99");
        assertRefused(Arrays.copyOf(good, good.length - 1), "not a record");
        assertRefused(Arrays.copyOf(good, good.length + 1), "left over");
    }

    @Test
    void aTruncatedRecordIsRefusedAtEveryLength() {
        byte[] good = serde.serializer().serialize("t", TWEET);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> serde.deserializer().deserialize("t", cut))
                    .as("%d bytes", length)
                    .isInstanceOf(SerializationException.class);
        }
    }

    /** Two thousand million characters, bytes or items, which do not fit into memory: none may be allocated. */
    @ParameterizedTest
    @MethodSource("recordsThatEndWithALength")
    <T extends SpecificRecord> void aLengthBeyondTheRecordIsRefusedBeforeMemoryIsAllocated(T record) {
        @SuppressWarnings("unchecked")
        AvroSerde<T> serde = AvroSerde.of((Class<T>) record.getClass(), ids);
        byte[] valid = serde.serializer().serialize("t", record);
        assertThat(serde.deserializer().deserialize("t", valid)).isEqualTo(record);
        for (byte[] length : new byte[][] {HUGE, {(byte) 0xff, 1}, {0x02}, {0x01}}) { // 2^31 - 8, -128, 1, -1
            byte[] wrong = Arrays.copyOf(valid, valid.length - 1 + length.length);
            System.arraycopy(length, 0, wrong, valid.length - 1, length.length);
            assertThatThrownBy(() -> serde.deserializer().deserialize("t", wrong))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("not a record");
        }
    }

    static Stream<SpecificRecord> recordsThatEndWithALength() {
        return Stream.of(
                new ScoredTweet(
                        "1",
                        "a",
                        "push",
                        "en",
                        "ada",
                        WRITTEN,
                        WRITTEN,
                        WRITTEN,
                        Sentiment.POSITIVE,
                        new Probabilities(0.1f, 0f, 0.9f),
                        "v1",
                        List.of()),
                new DriftWindow(
                        "push",
                        WRITTEN,
                        WRITTEN,
                        0L,
                        0.0,
                        0.0,
                        new ClassHistograms(List.of(), List.of(), List.of()),
                        null,
                        Map.of(),
                        List.of()),
                new ModelRecord(new TensorChunk("00", 0, ByteBuffer.allocate(0))),
                new Activation("v1", WRITTEN, "", null));
    }

    @Test
    void aRecordOfAnotherTypeIsRefused() {
        AvroSerde<ScoredTweet> scored = AvroSerde.of(ScoredTweet.class, ids);
        byte[] tweet = serde.serializer().serialize("t", TWEET);
        assertThatThrownBy(() -> scored.deserializer().deserialize("t", tweet))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("io.deeptweet.schemas.Tweet instead of io.deeptweet.schemas.ScoredTweet");
    }

    @Test
    void aMissingRegistryAddressIsNamed() {
        assertThatThrownBy(() -> SchemaIds.ofRegistry(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
        assertThatThrownBy(() -> SchemaIds.ofRegistry(
                        Map.of("schema.registry.url", "http://localhost:1", "max.retries", "many")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max.retries");
    }

    /** A valid record must not be rejected because the registry is down. Port 1 refuses connections. */
    @Test
    void anUnreachableRegistryDoesNotMakeARecordInvalid() {
        SchemaIds unreachable = SchemaIds.ofRegistry(Map.of(
                "schema.registry.url", "http://user:secret@localhost:1", "max.retries", "1", "retries.wait.ms", "1"));
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, unreachable);
        assertThatThrownBy(
                        () -> deserializer.deserialize("t", serde.serializer().serialize("t", TWEET)))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("localhost:1")
                .hasMessageNotContaining("secret");
    }

    private Tweet roundTrip(Tweet tweet) {
        return serde.deserializer().deserialize("t", serde.serializer().serialize("t", tweet));
    }

    private void assertRefused(byte[] bytes, String because) {
        assertThatThrownBy(() -> serde.deserializer().deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(because);
    }
}
