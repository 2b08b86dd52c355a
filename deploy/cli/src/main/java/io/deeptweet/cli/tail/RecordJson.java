// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.reject.Rejection;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as JSON objects on one line. */
final class RecordJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RecordJson() {}

    /** The record's fields. A chunk of a model has the number of its bytes in place of the bytes. */
    static String of(ConsumerRecord<String, byte[]> record, SpecificRecord value) {
        if (value instanceof ModelRecord model && model.getContent() instanceof TensorChunk chunk)
            return position(record)
                    .put("sha256", chunk.getSha256())
                    .put("index", chunk.getIndex())
                    .put("bytes", chunk.getBytes().remaining())
                    .toString();
        ObjectNode object = MAPPER.createObjectNode();
        for (var field : value.getSchema().getFields()) object.set(field.name(), node(value.get(field.pos())));
        return object.toString();
    }

    /** A tombstone. */
    static String ofDeleted(ConsumerRecord<String, byte[]> record) {
        return position(record).put("deleted", true).toString();
    }

    /** A rejected record: why, and its bytes. */
    static String ofRejected(ConsumerRecord<String, byte[]> record, byte[] value) {
        ObjectNode object = position(record);
        Rejection.readFrom(record.headers())
                .ifPresent(rejection -> object.put("by", rejection.by())
                        .put("reason", rejection.reason().code())
                        .put("detail", rejection.detail())
                        .put("origin", rejection.origin()));
        return object.put("valueBase64", Base64.getEncoder().encodeToString(value))
                .toString();
    }

    private static JsonNode node(Object content) {
        try {
            return content instanceof SpecificRecord || content instanceof List<?>
                    ? MAPPER.readTree(content.toString())
                    : MAPPER.valueToTree(
                            content instanceof Instant || content instanceof Enum<?> ? content.toString() : content);
        } catch (JsonProcessingException e) {
            return MAPPER.valueToTree(String.valueOf(content));
        }
    }

    private static ObjectNode position(ConsumerRecord<String, byte[]> record) {
        return MAPPER.createObjectNode()
                .put("key", record.key())
                .put("partition", record.partition())
                .put("offset", record.offset());
    }
}
