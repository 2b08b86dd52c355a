// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.publish.MockedKafka;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileReplayTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final FileReplay.Options ONCE = new FileReplay.Options(0, false, false, false, Map.of(), 10_000);
    private static final FileReplay.Options WITH_IDS = new FileReplay.Options(0, false, false, true, Map.of(), 10_000);

    @TempDir
    Path folder;

    private final MockedKafka kafka = MockedKafka.thatAcknowledges();
    private final FeedIntake intake = intake(kafka);

    @ParameterizedTest
    @CsvSource({
        "a.jsonl,X_API",
        "a.JSONL.GZ,X_API",
        "a.ndjson,X_API",
        "a.json.gz,X_API",
        "a.csv,CSV",
        "a.tsv.gz,CSV",
        "a.txt,TEXT",
        "a.b.txt.gz,TEXT"
    })
    void theNameTellsTheFormat(Path file, FileReplay.Format format) {
        assertThat(FileReplay.Format.ofName(file)).contains(format);
    }

    @ParameterizedTest
    @CsvSource({"a.dat", "jsonl", "a.gz", "a.csv.zip"})
    void anotherNameTellsNothing(Path file) {
        assertThat(FileReplay.Format.ofName(file)).isEmpty();
    }

    /** Records of every kind in a random order, which a failure names by its seed. */
    @Test
    void everyRecordIsPublishedLeftOutOrRejectedWithItsBytes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        List<byte[]> bad = new ArrayList<>();
        int good = 0;
        int foreign = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] record;
            switch (random.nextInt(5)) {
                case 0 -> {
                    foreign++;
                    record = utf8("{\"id\": " + i + ", \"text\": \"hallo\", \"lang\": \"de\"}");
                }
                case 1 -> {
                    record = new byte[1 + random.nextInt(50)];
                    random.nextBytes(record);
                    for (int at = 0; at < record.length; at++)
                        if (record[at] == '\n' || record[at] == '\r' || record[at] == ' ' || record[at] == '\t')
                            record[at] = '{';
                    bad.add(record);
                }
                case 2 -> bad.add(record = utf8("{\"data\": {\"id\": null, \"text\": \"caf\u00e9 " + i + "\"}}"));
                default -> {
                    good++;
                    record = utf8(
                            "{\"data\": {\"id\": \"" + i + "\", \"text\": \"hello \ud83d\ude00\", \"lang\": \"en\"}}");
                }
            }
            file.write(record);
            file.writeBytes(utf8(random.nextBoolean() ? "\n" : random.nextBoolean() ? "\r\n" : "\n \n"));
        }
        replay("mixed.jsonl", file.toByteArray(), ONCE);
        assertThat(List.of(intake.read(), intake.published(), intake.filtered(), intake.rejected()))
                .as("seed %d", seed)
                .containsExactly(3000L, (long) good, (long) foreign, (long) bad.size());
        assertThat(kafka.tweets()).hasSize(good);
        assertThat(kafka.rejected().stream().map(record -> new String(record.value(), StandardCharsets.ISO_8859_1)))
                .as("seed %d", seed)
                .containsExactlyElementsOf(bad.stream()
                        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                        .toList());
    }

    @Test
    void whatIsTooLargeIsRejectedByItsBeginning() throws Exception {
        replay(
                "large.jsonl",
                utf8("{\"id\": 1, \"text\": \"" + "x".repeat(20_000) + "\"}\n{\"id\": 2, \"text\": \"b\"}\n"),
                ONCE);
        assertThat(kafka.tweets()).extracting(Tweet::getId).containsExactly("2");
        assertThat(kafka.rejected().get(0).value()).hasSize(10_000).startsWith('{', '"', 'i', 'd');
        Rejection rejection =
                Rejection.readFrom(kafka.rejected().get(0).headers()).orElseThrow();
        assertThat(rejection)
                .isEqualTo(new Rejection(
                        "ingest",
                        Reason.TOO_LARGE,
                        "the record has 20021 bytes, more than 10000; here are its first 10000",
                        "large.jsonl:1"));
    }

    @Test
    void aTableIsReadByItsColumns() throws Exception {
        replay("table.csv", utf8("""
        \ufeffTweet_ID,User,Text,Date,Lang
        1,ada,"two lines,
        and a ""quote\""",2022-11-20 23:59:21+00:00,en
        2,bob,a 6" screen,2022-11-20 23:59:22+00:00,en
        3,short
        4,cy,gut,2022-11-20 23:59:22+00:00,de
        """), ONCE);
        assertThat(kafka.tweets())
                .containsExactly(
                        new Tweet(
                                "1",
                                "two lines,\nand a \"quote\"",
                                "election",
                                "en",
                                "ada",
                                Instant.parse("2022-11-20T23:59:21Z"),
                                NOW),
                        new Tweet(
                                "2",
                                "a 6\" screen",
                                "election",
                                "en",
                                "bob",
                                Instant.parse("2022-11-20T23:59:22Z"),
                                NOW));
        assertThat(kafka.rejected()).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo(utf8("3,short"));
            assertThat(Rejection.readFrom(record.headers()).orElseThrow().origin())
                    .isEqualTo("table.csv:5");
        });
        assertThat(intake.filtered()).isEqualTo(1);
    }

    @Test
    void columnsCanBeNamedAndTabsSeparateThem() throws Exception {
        FileReplay.Options options =
                new FileReplay.Options(0, false, false, false, Map.of("text", "Body", "id", "Key"), 10_000);
        replay("table.tsv", utf8("text\tBody\tKey\nno\tyes, \"this\"\t7\n"), options);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId, Tweet::getText)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("7", "yes, \"this\""));
    }

    @Test
    void aMissingColumnIsASentence() {
        FileReplay.Options options = new FileReplay.Options(0, false, false, false, Map.of("text", "Tweet"), 10_000);
        assertThatThrownBy(() -> replay("table.csv", utf8("id,body\n1,a\n"), options))
                .isInstanceOf(IOException.class)
                .hasMessage("the file has no column Tweet: it has id, body");
        assertThatThrownBy(() -> replay("table.csv", utf8("id,body\n1,a\n"), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name one by columns.text");
    }

    @Test
    void idsMadeOfLinesAreTheSameInEveryReplay() throws Exception {
        byte[] file = utf8("{\"text\": \"a\"}\n\n{\"id\": 9, \"text\": \"b\"}\n{\"text\": \"c\"}\n");
        replay("a.jsonl", file, WITH_IDS);
        replay("a.jsonl", file, WITH_IDS);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId)
                .containsExactly("election:1", "9", "election:4", "election:1", "9", "election:4");
    }

    @Test
    void aLineOfPlainTextIsATweetWhateverItHolds() throws Exception {
        byte[] notUtf8 = {'c', 'a', 'f', (byte) 0xe9};
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(utf8("{\"id\": 1}\n\"quoted\nlast \ud83d\ude00\n"));
        file.writeBytes(notUtf8);
        replay("a.txt", file.toByteArray(), ONCE);
        assertThat(kafka.tweets())
                .extracting(Tweet::getText)
                .containsExactly("{\"id\": 1}", "\"quoted", "last \ud83d\ude00");
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(notUtf8));
    }

    @Test
    void datesAreKeptOrMovedToNow() throws Exception {
        byte[] file = utf8("{\"id\": 1, \"text\": \"a\", \"created_at\": \"2009-05-17T01:30:56Z\"}\n");
        replay("a.jsonl", file, ONCE);
        replay("a.jsonl", file, new FileReplay.Options(0, false, true, false, Map.of(), 10_000));
        assertThat(kafka.tweets())
                .extracting(Tweet::getCreatedAt)
                .containsExactly(Instant.parse("2009-05-17T01:30:56Z"), NOW);
    }

    @Test
    void aLoopStartsAgainUntilItIsStopped() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "a\nb\n");
        FileReplay loop = new FileReplay(
                file,
                FileReplay.Format.TEXT,
                new FileReplay.Options(0, true, false, false, Map.of(), 100),
                Clock.systemUTC());
        List<Exception> ended = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                loop.run(intake);
            } catch (Exception e) {
                ended.add(e);
            }
        });
        thread.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> intake.published() > 20);
        assertThat(thread.isAlive()).isTrue();
        thread.interrupt();
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(ended).hasSize(1);
    }

    @Test
    void anEmptyFileEndsEvenInALoop() throws Exception {
        replay("a.txt", new byte[0], new FileReplay.Options(0, true, false, false, Map.of(), 100));
        assertThat(intake.read()).isZero();
    }

    /** An interrupted download must not pass for the whole. */
    @Test
    void aGzipFileThatEndsTooEarlyFailsAfterWhatItHolds() throws Exception {
        StringBuilder lines = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++)
            lines.append("tweet ").append(random.nextLong()).append('\n');
        byte[] whole = gzip(utf8(lines.toString()));
        assertThatThrownBy(() -> replay("a.txt.gz", Arrays.copyOf(whole, whole.length * 2 / 3), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("a.txt.gz ends in the middle of its gzip data");
        assertThat(intake.published()).isEqualTo(intake.read()).isBetween(1000L, 4999L);
        byte[] broken = whole.clone();
        Arrays.fill(broken, whole.length / 2, whole.length / 2 + 500, (byte) 0xff);
        assertThatThrownBy(() -> replay("b.txt.gz", broken, ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.txt.gz");
        assertThatThrownBy(() -> replay("c.txt.gz", Arrays.copyOf(whole, 5), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("c.txt.gz ends in the middle of its gzip data");
    }

    /** What is compressed is told by its first bytes, whatever the name says. */
    @Test
    void gzipIsReadUnderAnyName() throws Exception {
        replay("a.txt", gzip(utf8("a\nb\n")), ONCE);
        replay("b.txt.gz", utf8("c\n"), ONCE);
        assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("a", "b", "c");
    }

    @Test
    void aFileThatIsGoneIsASentence() {
        FileReplay replay = new FileReplay(folder.resolve("gone.txt"), FileReplay.Format.TEXT, ONCE, Clock.systemUTC());
        assertThatThrownBy(() -> replay.run(intake))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("gone.txt cannot be opened: is it there, and may it be read?");
    }

    @Test
    void aRecordThatKafkaDoesNotTakeEndsTheReplay() throws Exception {
        MockedKafka away = MockedKafka.thatWaits();
        FeedIntake failing = intake(away);
        Path file = Files.writeString(folder.resolve("a.txt"), "a\n".repeat(100_000));
        List<Exception> ended = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                new FileReplay(file, FileReplay.Format.TEXT, ONCE, Clock.systemUTC()).run(failing);
            } catch (Exception e) {
                ended.add(e);
            }
        });
        thread.start();
        // It waits by then for room; the mock fails the first, and acknowledges the others when the replay flushes.
        await().atMost(Duration.ofSeconds(30)).until(() -> thread.getState() == Thread.State.WAITING);
        away.producer().errorNext(new TimeoutException("no acknowledgement"));
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(ended)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(IOException.class)
                        .hasMessage("Kafka did not take a record of a.txt: no acknowledgement"));
        assertThat(failing.read()).as("it reads no further").isLessThan(100_000);
        assertThat(failing.read()).isEqualTo(failing.published() + 1);
    }

    private void replay(String name, byte[] bytes, FileReplay.Options options)
            throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve(name), bytes);
        new FileReplay(file, FileReplay.Format.ofName(file).orElseThrow(), options, Clock.fixed(NOW, ZoneOffset.UTC))
                .run(intake);
    }

    private static FeedIntake intake(MockedKafka kafka) {
        return new FeedIntake(
                new Feed("election", LanguageFilter.of("en,und")), kafka.publisher(), new FeedIntake.Observer() {
                    @Override
                    public void published(String feed) {}

                    @Override
                    public void filtered(String feed) {}

                    @Override
                    public void rejected(String feed, Reason reason) {}
                });
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
