// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import io.deeptweet.schemas.text.UntrustedText;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * Puts every message of the log on one line without control characters, also those of libraries: a message may quote a
 * record, a name or a header, which could otherwise write lines of its own or control a terminal.
 */
@LoggingFilter(name = "one-line")
public final class OneLineFilter implements Filter {
    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord extended && extended.getMessage() != null) {
            String message = extended.getFormattedMessage();
            String line = UntrustedText.oneLine(message);
            if (!line.equals(message)) extended.setMessage(line, FormatStyle.NO_FORMAT);
        }
        if (record.getThrown() != null && OneLineThrowable.isNeeded(record.getThrown()))
            record.setThrown(OneLineThrowable.of(record.getThrown()));
        return true;
    }
}
