// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.stream.Collectors;

/** Values as JSON on standard output, which may be a terminal: what others wrote is escaped. */
final class TerminalJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private TerminalJson() {}

    /** Indented, on several lines. */
    static String of(Object value) throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(value)
                .lines()
                .map(UntrustedText::json)
                .collect(Collectors.joining("\n"));
    }

    /** On one line. */
    static String line(Object value) throws JsonProcessingException {
        return UntrustedText.json(JSON.writeValueAsString(value));
    }
}
