// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the requests with X's OpenAPI description, in {@code live} of the folder that {@code deeptweet.data} names.
 */
class XOpenApiTest {
    private static final Path FILE =
            Path.of(System.getProperty("deeptweet.data", "nowhere")).resolve("live/x-api-v2-openapi.json.gz");

    private JsonNode api;

    @BeforeEach
    void read() throws IOException {
        assumeTrue(Files.isReadable(FILE), FILE + " is not there: see https://api.x.com/2/openapi.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(FILE))) {
            api = new ObjectMapper().readTree(in);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFieldsThatAreAskedForExist(XApi.Posts posts) {
        Map<String, JsonNode> parameters = parameters("get", posts.path());
        posts.names().parameters(true).forEach((name, fields) -> {
            assertThat(parameters).containsKey(name);
            assertThat(parameters.get(name).path("schema").path("items").path("enum"))
                    .extracting(JsonNode::asText)
                    .contains(fields.split(",", -1));
        });
    }

    @Test
    void thePathsAndParametersExist() {
        assertThat(parameters("get", XApi.STREAM)).containsKey("backfill_minutes");
        assertThat(parameters("get", XApi.SEARCH))
                .containsKeys("query", "since_id", "until_id", "max_results", "next_token");
        assertThat(parameters("get", XApi.COUNTS)).containsKeys("query", "granularity");
        assertThat(parameters("get", XApi.RULES)).containsKey("pagination_token");
        assertThat(api.path("paths").path(XApi.RULES).has("post")).isTrue();
        assertThat(api.path("servers").path(0).path("url").asText()).isEqualTo("https://api.x.com");
        JsonNode size = parameters("get", XApi.SEARCH).get("max_results").path("schema");
        assertThat(Set.of(size.path("minimum").asInt(), size.path("maximum").asInt()))
                .isEqualTo(Set.of(10, 100));
    }

    private Map<String, JsonNode> parameters(String method, String path) {
        Map<String, JsonNode> parameters = new HashMap<>();
        for (JsonNode one : api.path("paths").path(path).path(method).path("parameters")) {
            JsonNode parameter =
                    one.has("$ref") ? api.at(one.path("$ref").asText().substring(1)) : one;
            parameters.put(parameter.path("name").asText(), parameter);
        }
        return parameters;
    }
}
