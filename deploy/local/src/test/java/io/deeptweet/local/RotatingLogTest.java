// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotatingLogTest {
    private static final long LONGEST_LINE = 60;

    @TempDir
    Path folder;

    /** Returns what it has in pieces of random sizes, as a pipe does. */
    private static final class Pieces extends ByteArrayInputStream {
        private final Random random = new Random(1);

        Pieces(String text) {
            super(text.getBytes(UTF_8));
        }

        @Override
        public int read(byte[] bytes) {
            return super.read(bytes, 0, 1 + random.nextInt(Math.min(bytes.length, 300)));
        }
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "line " + i + " " + "x".repeat(i % 50) + "\n")
                .collect(Collectors.joining());
    }

    private Path log() {
        return folder.resolve("service.log");
    }

    private String all() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : RotatingLog.files(log())) text.append(Files.readString(file));
        return text.toString();
    }

    private void copy(InputStream output, LogLimit limit) throws IOException {
        new RotatingLog(output, log(), limit).run();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 100, 257, 1_000, 8_192, 20_000})
    void noLineIsLostOrCut(int bytes) throws IOException {
        String text = lines(1_000);
        copy(new Pieces(text), new LogLimit(bytes, 5_000));
        assertThat(all()).isEqualTo(text);
        assertThat(RotatingLog.files(log())).hasSizeGreaterThan(1).allSatisfy(file -> {
            assertThat(Files.size(file)).isBetween(1L, bytes + LONGEST_LINE);
            assertThat(Files.readString(file)).endsWith("\n");
        });
    }

    @Test
    void largePiecesAreDividedBetweenLines() throws IOException {
        String text = lines(2_000);
        copy(new ByteArrayInputStream(text.getBytes(UTF_8)), new LogLimit(1_000, 5_000));
        assertThat(all()).isEqualTo(text);
        assertThat(RotatingLog.files(log()))
                .allSatisfy(file -> assertThat(Files.size(file)).isBetween(1L, 1_000 + LONGEST_LINE));
    }

    @Test
    void theOldestFilesAreDeleted() throws IOException {
        String text = lines(1_000);
        copy(new Pieces(text), new LogLimit(1_000, 3));
        assertThat(RotatingLog.files(log()))
                .containsExactly(folder.resolve("service.log.2"), folder.resolve("service.log.1"), log());
        assertThat(text).endsWith(all());
        assertThat(all().length()).isGreaterThan(1_900);
    }

    @Test
    void aLineThatIsLargerThanAFileStaysWhole() throws IOException {
        String text = "before\n" + "y".repeat(20_000) + "\nafter\nend without a line end";
        copy(new Pieces(text), new LogLimit(100, 50));
        assertThat(all()).isEqualTo(text);
        assertThat(RotatingLog.files(log())).hasSize(3);
    }

    @Test
    void theLogOfAnEarlierRunIsReplaced() throws IOException {
        copy(new Pieces(lines(1_000)), new LogLimit(1_000, 5));
        copy(new Pieces("new\n"), new LogLimit(1_000, 5));
        assertThat(RotatingLog.files(log())).containsExactly(log());
        assertThat(all()).isEqualTo("new\n");
    }

    /** The folder is gone, so that nothing can be written; the process must not notice. */
    @Test
    void outputIsReadToItsEndAlthoughItCannotBeWritten() throws IOException {
        Pieces output = new Pieces(lines(1_000));
        Path gone = Files.createDirectory(folder.resolve("gone"));
        RotatingLog log = new RotatingLog(output, gone.resolve("service.log"), new LogLimit(1_000, 3));
        Files.delete(gone.resolve("service.log"));
        Files.delete(gone);
        log.run();
        assertThat(output.available()).isZero();
    }
}
