// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {
    private static final int LARGEST = 1000;

    @Test
    void everyLineIsARecordWhateverItsLineEnd() throws IOException {
        assertThat(numbered(lines("a\nb\r\n\nc", 100))).containsExactly("1:a", "2:b", "3:", "4:c");
        assertThat(numbered(lines("\"a\n\"b", 100))).containsExactly("1:\"a", "2:\"b");
        assertThat(numbered(lines("a\n", 100))).containsExactly("1:a");
        assertThat(numbered(lines("", 100))).isEmpty();
    }

    @Test
    void aRecordThatIsTooLargeIsCutAndKeepsItsSize() throws IOException {
        assertThat(numbered(lines("x".repeat(1000) + "\nnext\n", 10))).containsExactly("1:xxxxxxxxxx…1000", "2:next");
        assertThat(numbered(lines("x".repeat(10) + "\n", 10))).containsExactly("1:xxxxxxxxxx");
        assertThat(numbered(commas("x,\"" + "y".repeat(1000) + "\",z\nnext\n", 10)))
                .containsExactly("1:x,\"yyyyyyy…1006", "2:next");
    }

    @Test
    void aQuotedFieldMayHoldLineEnds() throws IOException {
        assertThat(numbered(commas("h\n\"a\nb\",1\n\"say \"\"hi\"\"\n\",2\n\"a\r\n\r\nb\"\r\nlast", 100)))
                .containsExactly("1:h", "2:\"a\nb\",1", "4:\"say \"\"hi\"\"\n\",2", "6:\"a\r\n\r\nb\"", "9:last");
    }

    /** In these, {@code ~} stands for a line end, {@code '} for a double quote and {@code >} for a tab. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COMMA     | 1,a 6' screen,x~2,b~            | 1,a 6' screen,x / 2,b",
                "COMMA     | 1,it''s,x~2,b~                  | 1,it''s,x / 2,b",
                "COMMA     | 1,say 'hi,x~2,and 'ho,x~        | 1,say 'hi,x / 2,and 'ho,x",
                "COMMA     | 1,'two~lines',x~2,b~            | 1,'two~lines',x / 2,b",
                "COMMA     | 1,'say ''hi''~',x~2,b~          | 1,'say ''hi''~',x / 2,b",
                "COMMA     | 1,'''~''',x~2,b~                | 1,'''~''',x / 2,b",
                "COMMA     | '',1~2,b~                       | '',1 / 2,b",
                "COMMA     | 1,''~2,b~                       | 1,'' / 2,b",
                "COMMA     | 1,'two~lines' ,x~2,b~           | 1,'two~lines' ,x / 2,b",
                "COMMA     | 1,'two~lines','three~or~more'~2 | 1,'two~lines','three~or~more' / 2",
                "TAB       | 1>'two~lines'>x~2>b~            | 1>'two~lines'>x / 2>b",
                "SEMICOLON | 1;'two~lines';x~2;b~            | 1;'two~lines';x / 2;b",
            })
    void aQuoteOpensAFieldOnlyAsItsFirstCharacter(Delimiter delimiter, String file, String records) throws IOException {
        assertThat(texts(delimited(written(file), delimiter)))
                .containsExactly(written(records).split(" / "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COMMA | 1,'open to the end~2,b             | 1,'open to the end / 2,b",
                "COMMA | 1,'open~2,'closed',x~3,c           | 1,'open / 2,'closed',x / 3,c",
                "COMMA | 1,'open~2,'two~lines',x~3,c        | 1,'open / 2,'two~lines',x / 3,c",
                "COMMA | 1,'a' b,x~2,b                      | 1,'a' b,x / 2,b",
                "COMMA | 1,'two~lines','open~2,b~3,'c'      | 1,'two~lines','open / 2,b / 3,'c'",
                "COMMA | 1,'two~lines','a' b~2,b            | 1,'two~lines','a' b / 2,b",
                "TAB   | 1>he said,'wow~2>a~3>b~4>c         | 1>he said,'wow / 2>a / 3>b / 4>c",
                "COMMA | 1,he said>'wow~2,a~3,b             | 1,he said>'wow / 2,a / 3,b",
            })
    void aStrayQuoteCostsNoOtherRecord(Delimiter delimiter, String file, String records) throws IOException {
        assertThat(texts(delimited(written(file), delimiter)))
                .containsExactly(written(records).split(" / "));
    }

    /** Counting all quotes takes everything from the first row to the second for one record. */
    @Test
    void rowsBetweenTwoRowsWithAnInchMarkAreKept() throws IOException {
        List<String> rows = List.of("text,label", "6\" tall,1", "a,0", "b,1", "7\" tall,0", "c,1");
        assertThat(texts(commas(String.join("\n", rows), LARGEST))).isEqualTo(rows);
    }

    @Test
    void aQuoteIsStrayIfItsFieldIsLargerThanARecordMayBe() throws IOException {
        assertThat(numbered(commas("\"open\n" + "x".repeat(20) + "\nnext\n", 10)))
                .containsExactly("1:\"open", "2:xxxxxxxxxx…20", "3:next");
        assertThat(numbered(commas("\"a\nb\"\nnext\n", 5))).containsExactly("1:\"a\nb\"", "3:next");
        assertThat(numbered(commas("\"a\nb\"\nnext\n", 4))).containsExactly("1:\"a", "2:b\"", "3:next");
    }

    /** Otherwise a file of stray quotes would take time that grows with the square of its size. */
    @Test
    void noByteIsReadMoreThanTwice() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = random.ints(random.nextInt(200), 0, 30)
                    .mapToObj(i -> i == 0 ? "" : randomText(random))
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
            CountingStream stream = new CountingStream(bytes);
            records(RecordReader.ofDelimited(stream, Delimiter.COMMA, 1 + random.nextInt(LARGEST)));
            assertThat(stream.read).as("seed %d", seed).isLessThanOrEqualTo(2L * bytes.length);
        }
    }

    private static final class CountingStream extends BufferedInputStream {
        private long read;

        CountingStream(byte[] bytes) {
            super(new ByteArrayInputStream(bytes), 1 << 16);
        }

        @Override
        public synchronized int read() throws IOException {
            int b = super.read();
            if (b >= 0) read++;
            return b;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            throw new UnsupportedOperationException("not counted");
        }
    }

    @Test
    void aRandomTableIsReadRecordByRecord() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Delimiter delimiter : Delimiter.values()) {
            List<String> records = IntStream.range(0, 2000)
                    .mapToObj(i -> IntStream.range(0, 3)
                            .mapToObj(field -> '"' + randomText(random).replace("\"", "\"\"") + '"')
                            .collect(Collectors.joining(String.valueOf(delimiter.character()))))
                    .toList();
            assertThat(texts(delimited(String.join("\r\n", records), delimiter)))
                    .as("seed %d", seed)
                    .isEqualTo(records);
        }
    }

    @Test
    void randomBytesAreDividedAndNoneIsLost() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = randomText(random).concat(randomText(random)).getBytes(StandardCharsets.UTF_8);
            int largest = 1 + random.nextInt(30);
            RecordReader reader = RecordReader.ofDelimited(new ByteArrayInputStream(bytes), Delimiter.COMMA, largest);
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            long line = 1;
            for (Optional<RawRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                RawRecord record = next.get();
                assertThat(record.line()).as("seed %d", seed).isEqualTo(line);
                assertThat(record.bytes()).hasSizeLessThanOrEqualTo(largest);
                byte[] whole = new byte[(int) record.size()];
                System.arraycopy(bytes, seen.size(), whole, 0, whole.length);
                assertThat(whole).as("seed %d", seed).startsWith(record.bytes());
                seen.writeBytes(whole);
                if (seen.size() < bytes.length && bytes[seen.size()] == '\r') seen.write('\r');
                if (seen.size() < bytes.length) seen.write('\n');
                line += 1
                        + new String(whole, StandardCharsets.ISO_8859_1)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
            }
            assertThat(seen.toByteArray()).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.tsv     | text~1 | TAB",
                "a.TSV.gz  | a,b    | TAB",
                "a.csv     | ~ ~a,b~c;d>e | COMMA",
                "a.csv     | a>b,c  | TAB",
                "a.csv     | a;b    | SEMICOLON",
                "a.csv     | 'last, first';b | SEMICOLON",
                "a.csv     | text   | COMMA",
            })
    void theNameOrElseTheFirstLineTellsTheDelimiter(Path file, String text, Delimiter delimiter) {
        String first = written(text)
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElseThrow();
        assertThat(Delimiter.of(file, first)).isEqualTo(delimiter);
    }

    @Test
    void aLimitThatIsNoSizeIsRefused() {
        assertThatThrownBy(() -> lines("a", 0)).hasMessage("the largest record is 0: use 1 to 1073741824");
    }

    private static String randomText(Random random) {
        return random.ints(random.nextInt(12), 0, 6)
                .mapToObj(i -> List.of("\"", ",", "\n", "\t", "é", ";").get(i))
                .collect(Collectors.joining());
    }

    private static String written(String text) {
        return text.replace('~', '\n').replace('\'', '"').replace('>', '\t');
    }

    private static RecordReader lines(String text, int largest) {
        return RecordReader.ofLines(stream(text), largest);
    }

    private static RecordReader commas(String text, int largest) {
        return RecordReader.ofDelimited(stream(text), Delimiter.COMMA, largest);
    }

    private static RecordReader delimited(String text, Delimiter delimiter) {
        return RecordReader.ofDelimited(stream(text), delimiter, LARGEST);
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(RecordReader reader) throws IOException {
        return records(reader).stream()
                .map(record -> new String(record.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbered(RecordReader reader) throws IOException {
        return records(reader).stream()
                .map(record -> record.line() + ":" + new String(record.bytes(), StandardCharsets.UTF_8)
                        + (record.isCut() ? "…" + record.size() : ""))
                .toList();
    }

    private static List<RawRecord> records(RecordReader reader) throws IOException {
        List<RawRecord> records = new ArrayList<>();
        for (Optional<RawRecord> next = reader.next(); next.isPresent(); next = reader.next()) records.add(next.get());
        return records;
    }
}
