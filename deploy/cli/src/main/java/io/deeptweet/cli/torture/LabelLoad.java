// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deeptweet.schemas.topic.Topics;
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
    private static final List<String> LABELERS = List.of("ada", "bob", "eve", "kim");

    private final TortureStack stack;
    private final Ledger ledger;
    private final Garbage garbage;

    LabelLoad(TortureStack stack, Ledger ledger, Garbage garbage) {
        this.stack = stack;
        this.ledger = ledger;
        this.garbage = garbage;
    }

    /** Sends the next request. */
    void send() throws InterruptedException {
        int first = ledger.labels.get();
        if (first + LABELS > ledger.tweets.get()) return;
        String body = IntStream.range(first, first + LABELS)
                .mapToObj(LabelLoad::label)
                .collect(Collectors.joining("\n"));
        if (Requests.post(stack.port(Victim.TRAINER), "/labels", body) > 1) ledger.repeatedRequests.incrementAndGet();
        ledger.labels.addAndGet(LABELS);
        garbage.write(Topics.LABELED, Ledger.SPOILED, ledger.spoiled);
    }

    private static String label(int tweet) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", Ledger.id(tweet))
                .put("text", Texts.of(tweet))
                .put("label", Texts.isPositive(tweet) ? "positive" : "negative")
                .put("labeledBy", LABELERS.get(tweet % LABELERS.size()))
                .toString();
    }
}
