// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRecordsTest {
    private static final MediaType LINES = MediaType.valueOf(RequestRecords.NDJSON);

    @Test
    void elementsOfAnArrayKeepTheirBytes() throws Exception {
        assertThat(json("""
                 [ {"id" :1,  "text":"hé 😀 \\u0041"} ,"a,]",-1.50E+2 ,
                 null,[1, [2]],true,{}]
                """))
                .containsExactly(
                        "{\"id\" :1,  \"text\":\"hé 😀 \\u0041\"}",
                        "\"a,]\"",
                        "-1.50E+2",
                        "null",
                        "[1, [2]]",
                        "true",
                        "{}");
        assertThat(json("[1.0]")).containsExactly("1.0");
        assertThat(json("[]")).isEmpty();
    }

    @Test
    void anyOtherValueIsOneRecord() throws Exception {
        assertThat(json(" {\"id\":  1}\n")).containsExactly(" {\"id\":  1}\n");
        assertThat(json("\"a\"")).containsExactly("\"a\"");
        assertThat(json("12")).containsExactly("12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n"})
    void aBlankBodyHasNoRecords(String body) throws Exception {
        assertThat(json(body)).isEmpty();
        assertThat(lines(body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1, 2                | not JSON: ",
                "[1, {\"a\": ]        | not JSON: ",
                "[1] 2                | not JSON: text follows",
                "{\"a\": 1} {}        | not JSON: text follows",
                "{\"a\"               | not JSON: ",
                "nothing              | not JSON: ",
                "[01]                 | not JSON: ",
                "['a']                | not JSON: ",
            })
    void bodiesThatAreNoJsonAreRefused(String body, String fault) {
        assertThatThrownBy(() -> json(body))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageStartingWith(fault);
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThatThrownBy(() -> json("[".repeat(100_000))).isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void jsonInAnotherEncodingIsRefused() {
        for (byte[] body : List.of(
                "[{\"id\": 1}]".getBytes(StandardCharsets.UTF_16),
                "[\"é\"]".getBytes(StandardCharsets.ISO_8859_1),
                new byte[] {'[', '"', (byte) 0xc0, (byte) 0xaf, '"', ']'}))
            assertThatThrownBy(() -> RequestRecords.split(MediaType.APPLICATION_JSON_TYPE, body))
                    .isInstanceOf(MalformedBodyException.class)
                    .hasMessage("not UTF-8");
    }

    @Test
    void linesKeepTheirBytesWithoutLineEnds() throws Exception {
        assertThat(lines("{\"id\": 1}\r\n\n \t\n {\"id\" :2} \nbroken\rline\n{\"id\":3}"))
                .containsExactly("{\"id\": 1}", " {\"id\" :2} ", "broken\rline", "{\"id\":3}");
    }

    @Test
    void aLineThatIsNotUtf8IsLeftForItsParser() throws Exception {
        byte[] body = {(byte) 0xff, '\n', '1'};
        assertThat(RequestRecords.split(LINES, body)).containsExactly(new byte[] {(byte) 0xff}, new byte[] {'1'});
    }

    private static List<String> json(String body) throws MalformedBodyException {
        return split(MediaType.valueOf("application/json;charset=utf-8"), body);
    }

    private static List<String> lines(String body) throws MalformedBodyException {
        assertThat(split(MediaType.valueOf(RequestRecords.JSONL), body)).isEqualTo(split(LINES, body));
        return split(LINES, body);
    }

    private static List<String> split(MediaType type, String body) throws MalformedBodyException {
        return RequestRecords.split(type, body.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }
}
