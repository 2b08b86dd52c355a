// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.SourceOutput.Recovery;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RecordEncoding;
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
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileReplayTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ReplayOptions ONCE =
            new ReplayOptions(0, false, false, false, Map.of(), 10_000, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED);
    private static final ReplayOptions WITH_IDS =
            new ReplayOptions(0, false, false, true, Map.of(), 10_000, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED);

    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();
    private final FeedSink sink = sink(kafka);

    @ParameterizedTest
    @CsvSource({
        "a.jsonl,JSON",
        "a.JSONL.GZ,JSON",
        "a.ndjson,JSON",
        "a.json.gz,JSON",
        "a.csv,CSV",
        "a.tsv.gz,CSV",
        "a.txt,TEXT",
        "a.b.txt.gz,TEXT",
        "a.csv.zip,CSV",
        "a.jsonl.bz2,JSON",
        "a.tsv.xz,CSV",
        "a.txt.ZST,TEXT"
    })
    void theNameTellsTheFormat(Path file, FileFormat format) {
        assertThat(FileFormat.ofName(file)).contains(format);
    }

    @ParameterizedTest
    @CsvSource({"a.dat", "jsonl", "a.gz", "a.csv.tar"})
    void anotherNameTellsNoFormat(Path file) {
        assertThat(FileFormat.ofName(file)).isEmpty();
    }

    /** Records of every kind in a random order, which a failure names by its seed. */
    @Test
    void everyRecordIsPublishedFilteredOrRejectedWithItsBytes() throws Exception {
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
                case 2 -> {
                    record = utf8("{\"data\": {\"id\": null, \"text\": \"caf\u00e9 " + i + "\"}}");
                    bad.add(record);
                }
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
        assertThat(List.of(sink.read(), sink.published(), sink.filtered(), sink.rejected()))
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
    void theBeginningOfATooLargeRecordIsRejected() throws Exception {
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
                        "the record has 20021 bytes, more than 10000: only the first 10000 are kept",
                        "large.jsonl:1"));
    }

    @Test
    void theHeaderOfATableNamesItsColumns() throws Exception {
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
                                NOW,
                                TweetKind.POST),
                        new Tweet(
                                "2",
                                "a 6\" screen",
                                "election",
                                "en",
                                "bob",
                                Instant.parse("2022-11-20T23:59:22Z"),
                                NOW,
                                TweetKind.POST));
        assertThat(kafka.rejected()).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo(utf8("3,short"));
            assertThat(Rejection.readFrom(record.headers()).orElseThrow().origin())
                    .isEqualTo("table.csv:5");
        });
        assertThat(sink.filtered()).isEqualTo(1);
    }

    @Test
    void aStrayQuoteInATabSeparatedFileCostsNoRecord() throws Exception {
        replay("table.tsv", utf8("id\ttext\n1\the said,\"wow\n2\ta\n3\tb\n4\t\"open\n5\tc\n"), ONCE);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId, Tweet::getText)
                .containsExactly(tuple("1", "he said,\"wow"), tuple("2", "a"), tuple("3", "b"), tuple("5", "c"));
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(utf8("4\t\"open")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id;text\n1;a,b\n", "id\ttext\n1\ta,b\n", "id,text\n1,\"a,b\"\n"})
    void theHeaderTellsTheDelimiter(String file) throws Exception {
        replay("table.csv", utf8(file), ONCE);
        assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("a,b");
    }

    @Test
    void columnsWithUnusualNamesCanBeNamed() throws Exception {
        ReplayOptions options = new ReplayOptions(
                0,
                false,
                false,
                false,
                Map.of("text", "Body", "id", "Key"),
                10_000,
                RecordEncoding.UTF_8,
                InputFile.MOST_UNPACKED);
        replay("table.tsv", utf8("text\tBody\tKey\nno\tyes, \"this\"\t7\n"), options);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId, Tweet::getText)
                .containsExactly(tuple("7", "yes, \"this\""));
    }

    @Test
    void aMissingColumnFailsTheReplay() {
        ReplayOptions options = new ReplayOptions(
                0, false, false, false, Map.of("text", "Tweet"), 10_000, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED);
        assertThatThrownBy(() -> replay("table.csv", utf8("id,body\n1,a\n"), options))
                .isInstanceOf(IOException.class)
                .hasMessage("the file has no column Tweet: its columns are id, body");
        assertThatThrownBy(() -> replay("table.csv", utf8("id,words\n1,a\n"), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name one with columns.text");
    }

    @Test
    void aFileOfAnUnknownFormatFailsTheReplay() {
        assertThatThrownBy(() -> replay("a.dat", utf8("1|hello\n"), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.dat is not known: choose the format json, csv or text");
    }

    @Test
    void idsFromLinesAreTheSameInEveryReplay() throws Exception {
        byte[] file = utf8("{\"text\": \"a\"}\n\n{\"id\": 9, \"text\": \"b\"}\n{\"text\": \"c\"}\n");
        replay("a.jsonl", file, WITH_IDS);
        replay("a.jsonl", file, WITH_IDS);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId)
                .containsExactly("election:1", "9", "election:4", "election:1", "9", "election:4");
    }

    @Test
    void everyLineOfPlainTextIsATweet() throws Exception {
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
    void datesAreKeptOrReplaced() throws Exception {
        byte[] file = utf8("{\"id\": 1, \"text\": \"a\", \"created_at\": \"2009-05-17T01:30:56Z\"}\n");
        replay("a.jsonl", file, ONCE);
        replay(
                "a.jsonl",
                file,
                new ReplayOptions(
                        0, false, true, false, Map.of(), 10_000, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED));
        assertThat(kafka.tweets())
                .extracting(Tweet::getCreatedAt)
                .containsExactly(Instant.parse("2009-05-17T01:30:56Z"), NOW);
    }

    @Test
    void aLoopStartsAgainUntilItIsInterrupted() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "a\nb\n");
        FileReplay loop = new FileReplay(
                file,
                Optional.empty(),
                new ReplayOptions(0, true, false, false, Map.of(), 100, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED),
                LanguageDetector.NONE,
                Clock.systemUTC());
        List<Exception> ended = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                loop.run(
                        new SourceOutput(
                                SinkGroup.of(sink),
                                kafka.transactions(),
                                SourceMonitor.NONE,
                                Recovery.NONE,
                                Duration.ofMillis(10)),
                        "");
            } catch (Exception e) {
                ended.add(e);
            }
        });
        thread.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> sink.published() > 20);
        assertThat(thread.isAlive()).isTrue();
        thread.interrupt();
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(ended).hasSize(1);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId)
                .startsWith("election:1", "election:2", "election:1~2", "election:2~2", "election:1~3")
                .doesNotHaveDuplicates();
    }

    @Test
    void aRestartIsAnotherPass() throws Exception {
        FileReplay replay = new FileReplay(
                folder.resolve("a.txt"), Optional.empty(), ONCE, LanguageDetector.NONE, Clock.systemUTC());
        assertThat(replay.restart("")).isEmpty();
        replay("a.txt", utf8("a\nb\n"), ONCE);
        KafkaMock again = KafkaMock.thatAcknowledges();
        replay(again, "a.txt", utf8("changed\n"), ONCE, replay.restart(kafka.position()));
        assertThat(again.tweets()).extracting(Tweet::getId).containsExactly("election:1~2");
    }

    @Test
    void anEmptyFileEndsTheLoop() throws Exception {
        replay(
                "a.txt",
                new byte[0],
                new ReplayOptions(0, true, false, false, Map.of(), 100, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED));
        assertThat(sink.read()).isZero();
    }

    /** An interrupted download must not pass for the whole file. */
    @Test
    void anIncompleteGzipFileFailsAfterItsLastRecord() throws Exception {
        StringBuilder lines = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++)
            lines.append("tweet ").append(random.nextLong()).append('\n');
        byte[] whole = gzip(utf8(lines.toString()));
        assertThatThrownBy(() -> replay("a.txt.gz", Arrays.copyOf(whole, whole.length * 2 / 3), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.txt.gz is incomplete: it ends at byte ");
        assertThat(sink.published()).isEqualTo(sink.read()).isBetween(1000L, 4999L);
        byte[] broken = whole.clone();
        Arrays.fill(broken, whole.length / 2, whole.length / 2 + 500, (byte) 0xff);
        assertThatThrownBy(() -> replay("b.txt.gz", broken, ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.txt.gz");
        assertThatThrownBy(() -> replay("c.txt.gz", Arrays.copyOf(whole, 5), ONCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("c.txt.gz is incomplete: it ends at byte 5");
    }

    /** The first bytes tell, not the name. */
    @Test
    void aFileThatUnpacksToMoreThanTheLimitFailsAfterItsLastRecord() throws Exception {
        ReplayOptions options =
                new ReplayOptions(0, false, false, false, Map.of(), 10_000, RecordEncoding.UTF_8, 100_000);
        assertThatThrownBy(() -> replay("bomb.txt.gz", gzip(utf8("ten bytes\n".repeat(1_000_000))), options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bomb.txt.gz unpacks to more than the limit of 100,000 bytes");
        assertThat(sink.published()).isEqualTo(10_000);
    }

    @Test
    void eachRecordThatIsNotUtf8IsReadAsIso88591IfThatIsWanted() throws Exception {
        ReplayOptions options = new ReplayOptions(
                0,
                false,
                false,
                false,
                Map.of("text", "Caf\u00e9"),
                10_000,
                RecordEncoding.ISO_8859_1,
                InputFile.MOST_UNPACKED);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("id,caf\u00e9\n1,na\u00efve\n".getBytes(StandardCharsets.ISO_8859_1));
        file.writeBytes(utf8("2,na\u00efve \u2665\n"));
        file.writeBytes("3,\u0093quoted\u0094\n,\u00fcber\n".getBytes(StandardCharsets.ISO_8859_1));
        replay("latin.csv", file.toByteArray(), options);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId, Tweet::getText)
                .containsExactly(
                        tuple("1", "na\u00efve"), tuple("2", "na\u00efve \u2665"), tuple("3", "\u201cquoted\u201d"));
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.value()).isEqualTo(",\u00fcber".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void utf16IsReadAndHalfOfASurrogatePairCostsOneRecord() throws Exception {
        String lines = "\ufeffid,text\n1,\u20ac \ud83d\ude00\n2,X\n3,\"two\nlines\"\n";
        byte[] file = lines.getBytes(StandardCharsets.UTF_16LE);
        int half = 2 * lines.indexOf('X');
        file[half] = 0x3d;
        file[half + 1] = (byte) 0xd8;
        replay("table.csv", file, ONCE);
        assertThat(kafka.tweets())
                .extracting(Tweet::getId, Tweet::getText)
                .containsExactly(tuple("1", "\u20ac \ud83d\ude00"), tuple("3", "two\nlines"));
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record -> assertThat(Rejection.readFrom(record.headers()))
                        .contains(new Rejection("ingest", Reason.MALFORMED, "not UTF-8", "table.csv:3")));
    }

    @Test
    void gzipIsReadUnderAnyName() throws Exception {
        replay("a.txt", gzip(utf8("a\nb\n")), ONCE);
        replay("b.txt.gz", utf8("c\n"), ONCE);
        assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("a", "b", "c");
    }

    @Test
    void aMissingFileFailsTheReplay() {
        FileReplay replay = new FileReplay(
                folder.resolve("gone.txt"), Optional.empty(), ONCE, LanguageDetector.NONE, Clock.systemUTC());
        assertThatThrownBy(() -> replay.run(
                        new SourceOutput(
                                SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, NEVER),
                        ""))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("gone.txt: there is no such file");
    }

    @Test
    void aTransactionThatKafkaDoesNotCommitEndsTheReplay() throws Exception {
        kafka.transactions();
        kafka.producer().commitTransactionException = new TimeoutException("no answer");
        assertThatThrownBy(() -> replay("a.txt", utf8("a\n".repeat(100_000)), ONCE))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no answer");
        assertThat(sink.read()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a.txt.gz", "a.csv"})
    void aReplayContinuesAfterEveryRecord(String name) throws Exception {
        StringBuilder lines = new StringBuilder("text\n");
        for (int i = 0; i < 20; i++) lines.append("tweet ").append(i).append(i % 3 == 0 ? "\n\n" : "\n");
        byte[] file = name.endsWith(".gz") ? gzip(utf8(lines.toString())) : utf8(lines.toString());
        replay(name, file, WITH_IDS);
        List<Tweet> whole = kafka.tweets();
        FilePosition.Tracker tracker = FilePosition.parse("").tracker();
        for (int records = 1; records <= whole.size(); records++) {
            String position =
                    tracker.after(utf8(whole.get(records - 1).getText())).toString();
            KafkaMock resumed = KafkaMock.thatAcknowledges();
            replay(resumed, name, file, WITH_IDS, position);
            assertThat(resumed.tweets())
                    .as("after %d records", records)
                    .isEqualTo(whole.subList(records, whole.size()));
        }
        assertThat(tracker.reached()).hasToString(kafka.position());
    }

    @Test
    void whatIsAddedToAFileIsReplayedByTheNextStart() throws Exception {
        replay("a.txt", utf8("a\nb\n"), ONCE);
        KafkaMock next = KafkaMock.thatAcknowledges();
        replay(next, "a.txt", utf8("a\nb\nc\n"), ONCE, kafka.position());
        assertThat(next.tweets()).extracting(Tweet::getId).containsExactly("election:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nB\nc\n", "a\n", "", "a b\nc\n"})
    void aFileWhosePublishedPartHasChangedIsRefused(String changed) throws Exception {
        replay("a.txt", utf8("a\nb\n"), ONCE);
        KafkaMock next = KafkaMock.thatAcknowledges();
        assertThatThrownBy(() -> replay(next, "a.txt", utf8(changed), ONCE, kafka.position()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.txt has changed since its first 2 records were published")
                .hasMessageContaining("deeptweet.feeds.election.start=beginning");
        assertThat(next.tweets()).isEmpty();
    }

    @Test
    void aPositionOfAnotherSourceIsRefused() {
        assertThatThrownBy(() -> replay(kafka, "a.txt", utf8("a\n"), ONCE, "1725911162329308"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a position in a file");
    }

    private void replay(String name, byte[] bytes, ReplayOptions options) throws IOException, InterruptedException {
        replay(kafka, name, bytes, options, "");
    }

    private void replay(KafkaMock into, String name, byte[] bytes, ReplayOptions options, String position)
            throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve(name), bytes);
        FileReplay replay = new FileReplay(
                file, Optional.empty(), options, LanguageDetector.NONE, Clock.fixed(NOW, ZoneOffset.UTC));
        try (SourceOutput output = new SourceOutput(
                SinkGroup.of(into == kafka ? sink : sink(into)),
                into.transactions(),
                SourceMonitor.NONE,
                Recovery.NONE,
                NEVER)) {
            try {
                replay.run(output, position);
            } catch (IOException e) {
                output.finish();
                throw e;
            }
            output.finish();
        }
    }

    private static FeedSink sink(KafkaMock kafka) {
        return new FeedSink(
                new Feed("election", LanguageFilter.of("en,und")), kafka.publisher(), new RecordingListener());
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
