// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's body that is a JSON object whose fields are all text. Other fields, and fields given twice, are refused.
 */
public final class TextFields {
    /** Largest body that {@link #of} should be given, in bytes. */
    public static final int MOST_BYTES = 16_384;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, String> values;

    private TextFields(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a body.
     *
     * @param names of the fields that it may have; two or more
     * @throws IllegalArgumentException if it is another one; the message is a sentence that names the field
     */
    public static TextFields of(byte[] body, List<String> names) {
        Map<String, String> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : object(body).properties()) {
            if (!names.contains(field.getKey()))
                throw new IllegalArgumentException(UntrustedText.quoted(field.getKey()) + " is no field: use "
                        + String.join(", ", names.subList(0, names.size() - 1)) + " and "
                        + names.get(names.size() - 1));
            if (!field.getValue().isTextual())
                throw new IllegalArgumentException(field.getKey() + " is not text: use a JSON string");
            values.put(field.getKey(), field.getValue().textValue());
        }
        return new TextFields(values);
    }

    /** The field's text; empty if the body does not have it. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Reads a body whose fields need not be text.
     *
     * @throws IllegalArgumentException if it is no JSON object, or has a field twice
     */
    public static JsonNode object(byte[] body) {
        try {
            JsonNode fields = JSON.readTree(body);
            if (fields.isObject()) return fields;
            throw new IllegalArgumentException("the body is no JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the body is not JSON: " + UntrustedText.oneLine(e.getOriginalMessage()), e);
        } catch (IOException e) { // such as bytes that are not UTF-8
            throw new IllegalArgumentException("the body is not JSON: " + UntrustedText.oneLine(e.getMessage()), e);
        }
    }
}
