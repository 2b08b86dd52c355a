// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services of this and of the next schema version side by side: the next one has an optional field more. */
class NextVersionTest {
    private static final int HEADER = 5; // magic byte and schema id

    static Stream<Class<? extends SpecificRecord>> types() {
        return Stream.of(
                Tweet.class,
                ScoredTweet.class,
                DeletedTweet.class,
                LabeledTweet.class,
                SentimentWindow.class,
                DriftWindow.class,
                ModelRecord.class,
                TrainingRound.class,
                AuditRecord.class);
    }

    @ParameterizedTest
    @MethodSource("types")
    <T extends SpecificRecord> void thisVersionReadsWhatTheNextOneWrites(Class<T> type) throws IOException {
        Schema now = SpecificData.get().getSchema(type);
        Schema next = withAnotherField(now);
        InMemorySchemaIds ids = new InMemorySchemaIds();
        int id = ids.idOf("t-value", next);
        for (Object written : new RandomData(next, 20, 7)) {
            T read = new AvroDeserializer<>(type, ids).deserialize("t", encoded(id, next, written));
            assertThat(reread(now, read)).isEqualTo(reread(now, project((GenericRecord) written, now)));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    <T extends SpecificRecord> void theNextVersionReadsWhatThisOneWrites(Class<T> type) throws IOException {
        Schema now = SpecificData.get().getSchema(type);
        Schema next = withAnotherField(now);
        InMemorySchemaIds ids = new InMemorySchemaIds();
        int id = ids.idOf("t-value", now);
        for (Object random : new RandomData(now, 20, 7)) {
            T written = new AvroDeserializer<>(type, ids).deserialize("t", encoded(id, now, random));
            byte[] bytes = new AvroSerializer<T>(ids).serialize("t", written);
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
            GenericRecord read = new GenericDatumReader<GenericRecord>(now, next).read(null, decoder);
            assertThat(read.get("note")).isNull();
            assertThat(reread(now, project(read, now))).isEqualTo(reread(now, random));
        }
    }

    private static Schema withAnotherField(Schema schema) {
        List<Schema.Field> fields = schema.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        Schema note = Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));
        return Schema.createRecord(
                schema.getName(),
                schema.getDoc(),
                schema.getNamespace(),
                false,
                Stream.concat(
                                fields.stream(),
                                Stream.of(new Schema.Field("note", note, null, Schema.Field.NULL_DEFAULT_VALUE)))
                        .toList());
    }

    /** A record of the next version without its new field. */
    private static GenericRecord project(GenericRecord record, Schema schema) {
        GenericRecord projected = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) projected.put(field.name(), record.get(field.name()));
        return projected;
    }

    /** The same record in Avro's own classes, so that it can be compared. */
    private static Object reread(Schema schema, Object record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        DatumWriter<Object> writer =
                record instanceof SpecificRecord ? new SpecificDatumWriter<>(schema) : new GenericDatumWriter<>(schema);
        writer.write(record, encoder);
        encoder.flush();
        return new GenericDatumReader<>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    private static byte[] encoded(int id, Schema schema, Object record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(HEADER).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
