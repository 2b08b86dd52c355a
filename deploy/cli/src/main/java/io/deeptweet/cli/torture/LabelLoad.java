// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Posts labels to the trainer, one of each tweet at most, and writes garbage beside them. */
final class LabelLoad {
    /** How many start a round. */
    static final int LABELS_OF_A_ROUND = 60;

    static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int LABELS = 5;
    private static final int GUARD_TEXTS = 40;
    /** Beyond every tweet that a run sends. */
    private static final int FIRST_GUARD_TEXT = 900_000_000;

    private static final List<String> LABELERS = List.of("ada", "bob", "eve", "kim");

    private final TortureStack stack;
    private final SentRecords sent;
    private final InvalidRecords garbage;

    LabelLoad(TortureStack stack, SentRecords sent, InvalidRecords garbage) {
        this.stack = stack;
        this.sent = sent;
        this.garbage = garbage;
    }

    /** Writes a guard set for the rounds: texts that no label has. */
    static void writeGuard(Path file) throws IOException {
        Files.writeString(
                file,
                IntStream.range(FIRST_GUARD_TEXT, FIRST_GUARD_TEXT + GUARD_TEXTS)
                        .mapToObj(number -> Texts.of(number) + "," + sentiment(number) + "\n")
                        .collect(Collectors.joining("", "text,label\n", "")));
    }

    /** Sends the next request. */
    void send() throws InterruptedException {
        int first = sent.labels.get();
        if (first + LABELS > sent.tweets.get()) return;
        String body = IntStream.range(first, first + LABELS)
                .mapToObj(LabelLoad::label)
                .collect(Collectors.joining("\n"));
        if (Requests.post(stack.port(StackProcess.TRAINER), "/labels", body) > 1)
            sent.repeatedRequests.incrementAndGet();
        sent.labels.addAndGet(LABELS);
        garbage.write(Topics.LABELED, SentRecords.SPOILED, sent.spoiled);
    }

    private static String label(int tweet) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", SentRecords.id(tweet))
                .put("text", Texts.of(tweet))
                .put("label", sentiment(tweet))
                .put("labeledBy", LABELERS.get(tweet % LABELERS.size()))
                .toString();
    }

    private static String sentiment(int tweet) {
        return Texts.isPositive(tweet) ? "positive" : "negative";
    }
}
