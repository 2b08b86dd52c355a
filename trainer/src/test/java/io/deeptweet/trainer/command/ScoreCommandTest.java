// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoreCommandTest {
    private final InputStream before = System.in;

    @AfterEach
    void restore() {
        System.setIn(before);
    }

    /** With the model that DeepTweet ships. */
    @Test
    void eachLineGivesALineOfJson() throws Exception {
        System.setIn(new ByteArrayInputStream(
                "I love this \"song\" 😀\n\nworst day, I hate it\n".getBytes(StandardCharsets.UTF_8)));
        CommandRun run = CommandRun.of("score", "--words", "2");
        assertThat(run.code()).as(run.error()).isZero();
        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(3);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("text").asText()).isEqualTo("I love this \"song\" 😀");
        assertThat(first.path("sentiment").asText()).isEqualTo("positive");
        assertThat(first.path("probability").asDouble()).isGreaterThan(0.8);
        assertThat(first.path("words"))
                .hasSizeLessThanOrEqualTo(2)
                .extracting(word -> word.path("word").asText())
                .contains("love");
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("words")).isEmpty();
        JsonNode last = new ObjectMapper().readTree(lines.get(2));
        assertThat(last.path("sentiment").asText()).isEqualTo("negative");
        assertThat(last.path("words"))
                .extracting(word -> word.path("word").asText())
                .containsAnyOf("worst", "hate");
    }
}
