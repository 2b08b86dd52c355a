// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes Avro records in Confluent's wire format: a zero byte, the schema's id in 4 bytes, big-endian, and the record
 * in Avro's binary encoding. The subject is {@code <topic>-value}, or {@code <topic>-key} for a key (Confluent's
 * TopicNameStrategy). Thread-safe once configured, because threads may share a producer.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/#wire-format">Wire
 *     format</a>
 */
public class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
    static final byte MAGIC = 0;
    static final int PREFIX_LENGTH = 5;

    private record SubjectSchema(String topic, Schema schema) {
        // Compares schemas by identity: a generated class has one instance, and comparing content for every record
        // would be slow.
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            return other instanceof SubjectSchema that && schema == that.schema && topic.equals(that.topic);
        }

        @Override
        public int hashCode() {
            return 31 * topic.hashCode() + System.identityHashCode(schema);
        }
    }

    private record Target<T>(int id, DatumWriter<T> writer) {}

    private final Map<SubjectSchema, Target<T>> known = new ConcurrentHashMap<>();
    private SchemaIds ids;
    private boolean isKey;

    /**
     * For Kafka, which then calls {@link #configure} with the client settings, including {@code schema.registry.url}.
     */
    public AvroSerializer() {}

    /** A serializer of values that is already configured. */
    public AvroSerializer(SchemaIds ids) {
        this.ids = ids;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        this.isKey = isKey;
        if (ids == null) ids = new RegistrySchemaIds(configs);
    }

    /**
     * @return the record in wire format; null for null, which is a tombstone
     * @throws SerializationException if the record lacks a field or the registry refuses its schema
     * @throws RegistryUnavailableException if the registry does not answer
     */
    @Override
    public byte[] serialize(String topic, T record) {
        if (record == null) return null;
        Schema schema = record.getSchema();
        SubjectSchema subject = new SubjectSchema(topic, schema);
        Target<T> target = known.get(subject);
        if (target == null) {
            target = target(subject, record);
            known.put(subject, target);
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            bytes.writeBytes(ByteBuffer.allocate(PREFIX_LENGTH)
                    .put(MAGIC)
                    .putInt(target.id())
                    .array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
            target.writer().write(record, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException | AvroRuntimeException | ClassCastException | NullPointerException e) {
            throw new SerializationException(
                    "cannot write a " + schema.getName() + " for topic " + topic + ": " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private Target<T> target(SubjectSchema subject, T record) {
        int id = ids.idOf(subject.topic() + (isKey ? "-key" : "-value"), subject.schema());
        return new Target<>(id, SpecificData.getForClass(record.getClass()).createDatumWriter(subject.schema()));
    }
}
