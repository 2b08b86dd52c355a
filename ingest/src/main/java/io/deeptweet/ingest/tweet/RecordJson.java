// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.Utf8;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads JSON that others have written. */
public final class RecordJson {
    /** A node of the tree needs up to 200 bytes, an empty object in the text three. */
    private static final long MOST_TOKENS = 500_000;

    /** Python writes NaN and Infinity. */
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build()
            .readerFor(JsonNode.class);

    /** What Jackson adds about itself. */
    private static final Pattern INTERNAL =
            Pattern.compile(" *\\((?:for|bound as) [^()]*\\[Source:.*?\\]\\)| *\\(bound as .*|"
                    + "\\[Source:[^\\]]*\\];? *|; ?enable `JsonReadFeature.*");

    private RecordJson() {}

    /**
     * A value of any type, of {@value #MOST_TOKENS} tokens at most: the answer of an API.
     *
     * @throws InvalidTweetException if it is not JSON, or larger
     */
    public static JsonNode value(String json) throws InvalidTweetException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidTweetException(
                    Reason.MALFORMED,
                    "not JSON: " + INTERNAL.matcher(e.getOriginalMessage()).replaceAll(""));
        }
    }

    /** @throws InvalidTweetException if it is not UTF-8, not JSON, no object, or has too many tokens */
    public static JsonNode object(byte[] record) throws InvalidTweetException {
        JsonNode root = value(record);
        if (!root.isObject()) throw new InvalidTweetException(Reason.MALFORMED, "not a JSON object");
        return root;
    }

    /** @throws InvalidTweetException if it is not UTF-8, or not JSON */
    public static JsonNode value(byte[] record) throws InvalidTweetException {
        try {
            return value(Utf8.decode(record));
        } catch (CharacterCodingException e) {
            throw new InvalidTweetException(Reason.MALFORMED, "not UTF-8");
        }
    }

    /** A part of a record, written in JSON again. */
    public static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
