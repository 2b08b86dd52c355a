// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import static org.assertj.core.api.Assertions.assertThat;

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
