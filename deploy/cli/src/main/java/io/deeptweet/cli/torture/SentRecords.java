// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What was sent, and acknowledged: tweets, labels and invalid records, each numbered from 0. The number is in the
 * record, so that it is found again wherever the record ends up. Thread-safe.
 */
final class SentRecords {
    /** What an invalid record that was posted to ingest contains, before its number. */
    static final String INVALID = "invalid-";

    /** What bytes that were written to {@code tweets.raw} contain, before their number. */
    static final String GARBAGE = "garbage-";

    /** What bytes that were written to {@code tweets.labeled} contain, before their number. */
    static final String SPOILED = "spoiled-";

    private static final String ID = "torture-";
    private static final String REPLAYED = "replayed-";
    private static final Duration BETWEEN_LINES = Duration.ofMillis(100);

    /** How many tweets the file has that ingest replays. */
    final int replayed;

    final AtomicInteger tweets = new AtomicInteger();
    final AtomicInteger invalid = new AtomicInteger();
    final AtomicInteger garbage = new AtomicInteger();
    final AtomicInteger spoiled = new AtomicInteger();
    final AtomicInteger labels = new AtomicInteger();
    final AtomicInteger activations = new AtomicInteger();
    final AtomicInteger repeatedRequests = new AtomicInteger();
    private final BitSet repeated = new BitSet();

    /** @param replayed how many tweets the file has that ingest replays */
    SentRecords(int replayed) {
        this.replayed = replayed;
    }

    /** Writes the file that ingest replays: JSON Lines of tweets of the last minutes. */
    void writeFile(Path file) throws IOException {
        Instant first = Instant.now().minus(BETWEEN_LINES.multipliedBy(replayed));
        Files.write(file, (Iterable<String>)
                IntStream.range(0, replayed)
                        .mapToObj(number -> TweetLoad.json(
                                replayedId(number), number, first.plus(BETWEEN_LINES.multipliedBy(number))))::iterator);
    }

    static String replayedId(int line) {
        return REPLAYED + line;
    }

    /** The number of a line in the id of its tweet; -1 if the tweet is not of the file. */
    static int line(String id) {
        return number(REPLAYED, id);
    }

    static String id(int tweet) {
        return ID + tweet;
    }

    /** The number in an id; -1 if the run did not send that tweet. */
    static int number(String id) {
        return number(ID, id);
    }

    private static int number(String prefix, String id) {
        return id.matches(prefix + "\\d{1,9}") ? Integer.parseInt(id.substring(prefix.length())) : -1;
    }

    /** Notes that a request was sent more than once, so that ingest may have rejected an invalid record twice. */
    synchronized void repeatedInvalid(int number) {
        repeated.set(number);
    }

    synchronized boolean wasRepeated(int invalidNumber) {
        return repeated.get(invalidNumber);
    }
}
