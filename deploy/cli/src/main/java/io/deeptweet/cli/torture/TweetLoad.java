// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Posts tweets of several feeds to ingest, with an invalid record in each request, and writes garbage beside them. */
final class TweetLoad {
    static final Duration INTERVAL = Duration.ofMillis(200);
    private static final List<String> FEEDS = List.of("first", "second", "third", "fourth");

    private final TortureStack stack;
    private final SentRecords sent;
    private final InvalidRecords garbage;
    private final int tweets;
    private int request;

    /** @param rate tweets per second, while ingest answers */
    TweetLoad(TortureStack stack, SentRecords sent, InvalidRecords garbage, int rate) {
        this.stack = stack;
        this.sent = sent;
        this.garbage = garbage;
        this.tweets = Math.max(1, (int) (rate * INTERVAL.toMillis() / 1000));
    }

    /** Sends the next request. */
    void send() throws InterruptedException {
        int first = sent.tweets.get();
        int invalid = sent.invalid.get();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < tweets; i++) lines.add(json(SentRecords.id(first + i), first + i, Instant.now()));
        lines.add(tweets / 2, invalid(invalid));
        String feed = FEEDS.get(request++ % FEEDS.size());
        int attempts = Requests.post(stack.port(StackProcess.INGEST), "/tweets?feed=" + feed, String.join("\n", lines));
        sent.tweets.addAndGet(tweets);
        sent.invalid.incrementAndGet();
        if (attempts > 1) {
            sent.repeatedRequests.incrementAndGet();
            sent.repeatedInvalid(invalid);
        }
        garbage.write(Topics.RAW, SentRecords.GARBAGE, sent.garbage);
    }

    /** A tweet in the shape of the X API v2. */
    static String json(String id, int number, Instant createdAt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("text", Texts.of(number))
                .put("lang", "en")
                .put("created_at", createdAt.toString())
                .toString();
    }

    /** One of several kinds. */
    private static String invalid(int number) {
        String marker = SentRecords.INVALID + number;
        return switch (number % 4) {
            case 0 -> "{\"text\": \"" + marker + "\"}"; // no id
            case 1 -> "{\"id\": \"" + marker + "\", \"text\": \" \"}"; // no text
            case 2 -> "{\"id\": \"" + marker + "\", \"text\": \"x\", \"created_at\": \"yesterday\"}";
            default -> "{\"id\": \"" + marker; // no JSON
        };
    }
}
