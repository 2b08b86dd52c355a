// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.ingest.control.DefinedFeed;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of a request that defines a feed: <code>{"feed", "source", "track", "languages"}</code>, all of them text.
 * Without {@code track} all tweets of the languages pass; without {@code languages} those in English or without one.
 */
final class FeedRequest {
    static final int MOST_BYTES = 16_384;

    private static final Set<String> FIELDS = Set.of("feed", "source", "track", "languages");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private FeedRequest() {}

    /**
     * The feed that a body defines.
     *
     * @param named the feed's name, if the path has it: the body may then leave it out
     * @param languages those of a body that has none
     * @throws IllegalArgumentException if the body defines none; the message is a sentence that names the field
     */
    static DefinedFeed parse(byte[] body, Optional<String> named, String languages) {
        JsonNode fields = object(body);
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!FIELDS.contains(field.getKey()))
                throw new IllegalArgumentException(
                        UntrustedText.quoted(field.getKey()) + " is no field: use feed, source, track and languages");
            if (!field.getValue().isTextual())
                throw new IllegalArgumentException(field.getKey() + " is not text: use a JSON string");
        }
        String name = text(fields, "feed").or(() -> named).orElseThrow(() -> missing("feed", "the feed's name"));
        if (named.filter(path -> !path.equals(name)).isPresent())
            throw new IllegalArgumentException(
                    "feed is " + UntrustedText.quoted(name) + ": use the name in the path, or leave it out");
        String source = text(fields, "source")
                .orElseThrow(() -> missing("source", "bluesky, or the name of a source in deeptweet.sources"));
        return DefinedFeed.of(
                name,
                source,
                text(fields, "track").orElse(""),
                text(fields, "languages").orElse(languages));
    }

    private static JsonNode object(byte[] body) {
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

    private static Optional<String> text(JsonNode fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(JsonNode::textValue);
    }

    private static IllegalArgumentException missing(String field, String advice) {
        return new IllegalArgumentException(field + " is missing: use " + advice);
    }
}
