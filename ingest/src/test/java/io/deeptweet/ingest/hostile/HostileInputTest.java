// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.shape.SinglePosts;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.SourceOutput.Recovery;
import io.deeptweet.ingest.source.file.FileReplay;
import io.deeptweet.ingest.source.file.ReplayOptions;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.http.MalformedBodyException;
import io.deeptweet.service.http.RequestRecords;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in is refused as a whole, or rejected record by record, and nothing of it becomes a tweet. */
class HostileInputTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final ReplayOptions OPTIONS =
            new ReplayOptions(0, false, false, false, Map.of(), 10_000, RecordEncoding.UTF_8, InputFile.MOST_UNPACKED);

    @TempDir
    Path folder;

    static Stream<HostileInput> requests() throws IOException {
        return HostileInput.requests();
    }

    static Stream<HostileInput> files() throws IOException {
        return HostileInput.files();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aHostileRequestIsRefusedWithItsReason(HostileInput request) {
        assertVerdict(verdicts(request.bytes()), request);
    }

    @ParameterizedTest
    @MethodSource("files")
    void aHostileFileIsRefusedWithItsReason(HostileInput file) throws Exception {
        Path path =
                Files.write(folder.resolve(file.name().substring(0, file.name().indexOf(':'))), file.bytes());
        KafkaMock kafka = KafkaMock.thatAcknowledges();
        FeedSink sink =
                new FeedSink(new Feed("push", LanguageFilter.of("*")), kafka.publisher(), new RecordingListener());
        FileReplay replay = new FileReplay(path, Optional.empty(), OPTIONS, LanguageDetector.NONE, CLOCK);
        try (SourceOutput output = new SourceOutput(
                SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, Duration.ofDays(1))) {
            replay.run(output, "");
            output.finish();
        } catch (IOException e) {
            assertThat("file: " + e.getMessage()).contains(file.verdict());
            return;
        }
        assertThat(kafka.tweets()).isEmpty();
        assertVerdict(
                kafka.rejected().stream()
                        .map(record -> Rejection.readFrom(record.headers()).orElseThrow())
                        .map(HostileInputTest::inWords)
                        .toList(),
                file);
    }

    @Test
    void noCaseIsThereTwice() throws IOException {
        assertThat(Stream.concat(requests(), files()).map(HostileInput::name))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(150);
    }

    private static void assertVerdict(List<String> found, HostileInput input) {
        String[] expected = input.verdict().split(" & ", -1);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) assertThat(found.get(i)).contains(expected[i]);
    }

    private static List<String> verdicts(byte[] body) {
        SinglePosts parser = new SinglePosts("push", CLOCK);
        List<byte[]> records;
        try {
            records = RequestRecords.split(MediaType.APPLICATION_JSON_TYPE, body);
        } catch (MalformedBodyException e) {
            return List.of("body: " + e.getMessage());
        }
        if (records.isEmpty()) return List.of("nothing");
        return records.stream()
                .map(record -> inWords(parser.parse(record)))
                .distinct()
                .toList();
    }

    private static String inWords(ParsedTweet parsed) {
        return parsed instanceof ParsedTweet.Invalid invalid
                ? invalid.reason().code() + ": " + invalid.detail()
                : "a tweet: " + parsed;
    }

    private static String inWords(Rejection rejection) {
        return rejection.reason().code() + ": " + rejection.detail();
    }
}
