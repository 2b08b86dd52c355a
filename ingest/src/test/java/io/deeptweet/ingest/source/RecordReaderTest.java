// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    @Test
    void linesEndInAnyWay() throws IOException {
        assertThat(read("a\nb\r\n\nc", false, 100)).containsExactly("1:a", "2:b", "3:", "4:c");
        assertThat(read("", false, 100)).isEmpty();
        assertThat(read("a\n", false, 100)).containsExactly("1:a");
    }

    @Test
    void aQuotedLineEndBelongsToTheRecord() throws IOException {
        assertThat(read("h\n\"a\nb\",1\n\"say \"\"hi\"\"\n\",2\n", true, 100))
                .containsExactly("1:h", "2:\"a\nb\",1", "4:\"say \"\"hi\"\"\n\",2");
    }

    /** A stray quote must not swallow the file. */
    @Test
    void anOpenQuoteEndsWithTheLineAtWhichTheRecordIsTooLarge() throws IOException {
        assertThat(read("\"open\n" + "x".repeat(20) + "\nnext\n", true, 10))
                .containsExactly("1:\"open\nxxxx…26", "3:next");
    }

    @Test
    void whatIsTooLargeIsCutAndSaysItsSize() throws IOException {
        assertThat(read("x".repeat(1000) + "\nnext\n", false, 10)).containsExactly("1:xxxxxxxxxx…1000", "2:next");
        assertThat(read("x".repeat(10) + "\n", false, 10)).containsExactly("1:xxxxxxxxxx");
    }

    private static List<String> read(String text, boolean quoted, int largest) throws IOException {
        RecordReader reader =
                new RecordReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), quoted, largest);
        List<String> records = new ArrayList<>();
        for (Optional<RecordReader.Raw> next = reader.next(); next.isPresent(); next = reader.next())
            records.add(next.get().line() + ":" + new String(next.get().bytes(), StandardCharsets.UTF_8)
                    + (next.get().cut() ? "…" + next.get().size() : ""));
        return records;
    }
}
