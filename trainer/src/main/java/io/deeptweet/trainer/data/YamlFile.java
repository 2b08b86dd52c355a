// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the YAML files that people write: one document, in UTF-8, of at most 1 MiB, without repeated keys and without
 * aliases.
 */
public final class YamlFile {
    private static final int MOST_BYTES = 1 << 20;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private YamlFile() {}

    /**
     * The text of a file.
     *
     * @throws IOException if it cannot be read
     * @throws DataException if it is larger than 1 MiB, or not in UTF-8; the message names the file
     */
    public static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) throw new DataException(file + " is larger than " + MOST_BYTES + " bytes");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DataException(file + " is not in UTF-8: save it as UTF-8");
        }
    }

    /**
     * The content of a text.
     *
     * @param file for messages
     * @throws DataException if it is not YAML, or uses what is not allowed; the message names the file
     */
    public static JsonNode content(String file, String yaml) {
        try (YAMLParser parser = YAML.getFactory().createParser(yaml)) {
            while (parser.nextToken() != null)
                if (parser.isCurrentAlias())
                    throw new DataException(file + " has an alias, *" + parser.getText() + ": write its value out");
            return YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new DataException(file + " is not YAML: " + e.getMessage());
        }
    }
}
