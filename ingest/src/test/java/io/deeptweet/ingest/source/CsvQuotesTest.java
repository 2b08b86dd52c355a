// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a CSV record ends; {@code ~} stands for a line end, {@code '} for a double quote. */
class CsvQuotesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "1,a 6' screen,x~2,b~             ; 1,a 6' screen,x | 2,b",
                "1,it''s,x~2,b~                   ; 1,it''s,x | 2,b",
                "1,say 'hi,x~2,and 'ho,x~         ; 1,say 'hi,x | 2,and 'ho,x",
                "1,'two~lines',x~2,b~             ; 1,'two~lines',x | 2,b",
                "1,'say ''hi''~',x~2,b~           ; 1,'say ''hi''~',x | 2,b",
                "1,'''~''',x~2,b~                 ; 1,'''~''',x | 2,b",
                "'',1~2,b~                        ; '',1 | 2,b",
                "1,''~2,b~                        ; 1,'' | 2,b",
                "1\t'two~lines'\tx~2\tb~          ; 1\t'two~lines'\tx | 2\tb",
                "1,'open to the end~2,b           ; 1,'open to the end~2,b",
            })
    void aQuoteCountsOnlyWhereAFieldBegins(String file, String records) throws IOException {
        RecordReader reader =
                new RecordReader(new ByteArrayInputStream(written(file).getBytes(StandardCharsets.UTF_8)), true, 1000);
        List<String> read = new ArrayList<>();
        for (Optional<RecordReader.Raw> next = reader.next(); next.isPresent(); next = reader.next())
            read.add(new String(next.get().bytes(), StandardCharsets.UTF_8));
        assertThat(read).containsExactly(written(records).split(" \\| "));
    }

    private static String written(String text) {
        return text.replace('~', '\n').replace('\'', '"');
    }
}
