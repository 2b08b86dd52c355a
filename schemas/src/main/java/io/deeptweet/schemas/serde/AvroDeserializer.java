// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads Avro records in Confluent's wire format into generated classes, whichever version of the schema wrote them.
 *
 * <p>With a type it reads records of that type only. Without one it reads each record into the generated class that has
 * its schema's name.
 */
public class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
    private final Optional<Class<T>> type;
    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
    /** Why a schema's records are not read, by its id; empty if they are. */
    private final Map<Integer, String> refusals = new ConcurrentHashMap<>();

    private SchemaIds ids;

    /**
     * For Kafka, which then calls {@link #configure} with the client settings, including {@code schema.registry.url}.
     */
    public AvroDeserializer() {
        type = Optional.empty();
    }

    /** A deserializer of one type that Kafka or the caller configures. */
    public AvroDeserializer(Class<T> type) {
        this.type = Optional.of(type);
    }

    /** A deserializer of one type that is already configured. */
    public AvroDeserializer(Class<T> type, SchemaIds ids) {
        this.type = Optional.of(type);
        this.ids = ids;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (ids == null) ids = new RegistrySchemaIds(configs);
    }

    /**
     * @return the record; null for null, which is a tombstone
     * @throws SerializationException if the bytes are not a record of the type; the message says why
     * @throws RegistryUnavailableException if the registry does not answer; the bytes may be valid
     */
    @Override
    public T deserialize(String topic, byte[] bytes) {
        if (bytes == null) return null;
        if (bytes.length < AvroSerializer.PREFIX_LENGTH || bytes[0] != AvroSerializer.MAGIC)
            throw new SerializationException(
                    "not in Confluent's wire format, which starts with a zero byte and a schema id in 4 bytes: "
                            + (bytes.length == 0
                                    ? "no bytes at all"
                                    : bytes.length + " bytes, the first " + (bytes[0] & 0xff)));
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        DatumReader<T> reader = readers.get(id);
        if (reader == null) {
            Schema written = ids.byId(id);
            String refusal = refusals.computeIfAbsent(
                    id, schema -> ReadingCost.fault(written).orElse(""));
            if (!refusal.isEmpty())
                throw new SerializationException("records of schema id " + id + " are not read: " + refusal);
            reader = reader(written);
            readers.put(id, reader);
        }
        int length = bytes.length - AvroSerializer.PREFIX_LENGTH;
        BoundedDecoder decoder = new BoundedDecoder(bytes, AvroSerializer.PREFIX_LENGTH, length);
        T record;
        boolean end;
        try {
            record = reader.read(null, decoder);
            end = decoder.isEnd();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro throws exceptions of many kinds at malformed bytes, and recurses as deep as a recursive schema is
            // nested.
            throw new SerializationException("not a record of schema id " + id + ", in " + length + " bytes: " + e, e);
        }
        if (!end) throw new SerializationException("bytes are left over after the record of schema id " + id);
        return record;
    }

    @SuppressWarnings("unchecked")
    private DatumReader<T> reader(Schema written) {
        Class<?> target = type.isPresent() ? type.get() : generated(written);
        SpecificData data = model(target);
        Schema read = data.getSchema(target);
        if (!read.getFullName().equals(written.getFullName()))
            throw new SerializationException(
                    "a record of type " + written.getFullName() + " instead of " + read.getFullName());
        return data.createDatumReader(written, read);
    }

    /**
     * The model of a generated class, with its class loader. The generated model itself looks for classes with the
     * loader of Avro's jar, which Quarkus' tests separate from ours.
     */
    private static SpecificData model(Class<?> target) {
        SpecificData model = new SpecificData(target.getClassLoader());
        SpecificData.getForClass(target).getConversions().forEach(model::addLogicalTypeConversion);
        return model;
    }

    private static Class<?> generated(Schema written) {
        try {
            Class<?> found = Class.forName(written.getFullName(), false, AvroDeserializer.class.getClassLoader());
            if (SpecificRecord.class.isAssignableFrom(found)) return found;
        } catch (ClassNotFoundException e) {
            // the same fault as a class of another kind
        }
        throw new SerializationException(
                "a record of type " + written.getFullName() + ", which DeepTweet does not know");
    }
}
