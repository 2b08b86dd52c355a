// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a request body into records: one JSON value, the elements of a JSON array, or JSON Lines. A record has exactly
 * the bytes that were sent, so that a rejected one can be published as it was received.
 */
public final class RequestRecords {
    /** Media type of JSON Lines. */
    public static final String NDJSON = "application/x-ndjson";

    /** The other media type of JSON Lines. */
    public static final String JSONL = "application/jsonl";

    /** UTF-8 only: RFC 8259, section 8.1. */
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

    private RequestRecords() {}

    /**
     * Splits JSON into records if the media type is {@code application/json}, and into lines otherwise.
     *
     * @return the records without blank lines and line ends; empty if the body is blank
     * @throws MalformedBodyException if the body should be JSON, but is not, or is not UTF-8; lines are not parsed
     */
    public static List<byte[]> split(MediaType type, byte[] body) throws MalformedBodyException {
        return type.isCompatible(MediaType.APPLICATION_JSON_TYPE) ? jsonRecords(body) : lines(body);
    }

    private static List<byte[]> jsonRecords(byte[] body) throws MalformedBodyException {
        try (JsonParser parser = JSON.createParser(body)) {
            // The parser's byte offsets are those of the body only if every character is well-formed.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            JsonToken first = parser.nextToken();
            if (first == null) return List.of();
            List<byte[]> records = first == JsonToken.START_ARRAY ? elements(parser, body) : List.of(body);
            parser.skipChildren();
            if (parser.nextToken() != null) throw new MalformedBodyException("not JSON: text follows the JSON value");
            return records;
        } catch (CharacterCodingException e) {
            throw new MalformedBodyException("not UTF-8");
        } catch (JsonProcessingException e) {
            throw new MalformedBodyException("not JSON: " + e.getOriginalMessage());
        } catch (IOException e) { // reading from memory does not fail otherwise
            throw new MalformedBodyException("not JSON: " + e.getMessage());
        }
    }

    private static List<byte[]> elements(JsonParser parser, byte[] body) throws IOException, MalformedBodyException {
        List<byte[]> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) throw new MalformedBodyException("not JSON: the array does not end");
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            elements.add(Arrays.copyOfRange(
                    body, start, (int) parser.currentLocation().getByteOffset()));
        }
        return elements;
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        for (int start = 0, next; start < body.length; start = next + 1) {
            next = start;
            while (next < body.length && body[next] != '\n') next++;
            int end = next > start && body[next - 1] == '\r' ? next - 1 : next;
            if (!isBlank(body, start, end)) lines.add(Arrays.copyOfRange(body, start, end));
        }
        return lines;
    }

    private static boolean isBlank(byte[] body, int start, int end) {
        for (int i = start; i < end; i++) if (body[i] != ' ' && body[i] != '\t') return false;
        return true;
    }
}
