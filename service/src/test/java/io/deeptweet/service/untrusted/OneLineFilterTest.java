// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.logging.json.runtime.JsonFormatter;
import java.io.IOException;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.junit.jupiter.api.Test;

class OneLineFilterTest {
    private static final String HOSTILE = "feed\u001b[2J\r\nERROR forged\u202e";
    private static final String HARMLESS = "feed\uFFFD[2J⏎ERROR forged\uFFFD";

    @Test
    void aMessageIsOneLineWithoutControlCharacters() {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, "of %s", FormatStyle.PRINTF, "logger");
        record.setParameters(new Object[] {HOSTILE});
        assertThat(new OneLineFilter().isLoggable(record)).isTrue();
        assertThat(record.getFormattedMessage()).isEqualTo("of " + HARMLESS);
    }

    /** With {@code quarkus.log.console.json.enabled}. */
    @Test
    void inALogOfJsonAMessageIsThatTextOnOneLine() throws IOException {
        ExtLogRecord record = new ExtLogRecord(Level.SEVERE, HOSTILE, FormatStyle.NO_FORMAT, "logger");
        record.setThrown(new IllegalStateException(HOSTILE));
        new OneLineFilter().isLoggable(record);
        String line = new JsonFormatter().format(record);
        assertThat(line.lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("message").asText()).isEqualTo(HARMLESS);
        assertThat(json.path("level").asText()).isEqualTo("SEVERE");
        assertThat(line).doesNotContain("\u001b", "\u202e", "\\u001b", "\\u202e");
    }

    @Test
    void aMessageKeepsWhatLooksLikeAFormat() {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, "100 %s {0} of %d\n", FormatStyle.NO_FORMAT, "logger");
        new OneLineFilter().isLoggable(record);
        assertThat(record.getFormattedMessage()).isEqualTo("100 %s {0} of %d⏎");
    }

    @Test
    void anExceptionsMessageIsOneLineToo() {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, "failed", FormatStyle.NO_FORMAT, "logger");
        IllegalStateException thrown = new IllegalStateException("outer", new IllegalArgumentException(HOSTILE));
        record.setThrown(thrown);
        new OneLineFilter().isLoggable(record);
        assertThat(record.getThrown())
                .hasToString("java.lang.IllegalStateException: outer")
                .cause()
                .hasToString("java.lang.IllegalArgumentException: " + HARMLESS);
        assertThat(record.getThrown().getStackTrace()).isEqualTo(thrown.getStackTrace());
    }

    @Test
    void aHarmlessExceptionStaysAsItIs() {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, "failed", FormatStyle.NO_FORMAT, "logger");
        Exception thrown = new IllegalStateException("harmless");
        record.setThrown(thrown);
        new OneLineFilter().isLoggable(record);
        assertThat(record.getThrown()).isSameAs(thrown);
    }
}
