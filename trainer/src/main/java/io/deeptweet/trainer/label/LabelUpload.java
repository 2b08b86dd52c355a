// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.data.DataSetWithIds;
import io.deeptweet.trainer.data.LabeledText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Sends the labelled texts of files to {@code tweets.labeled}, many at a time. Not thread-safe. */
public final class LabelUpload {
    /** Most labels that are sent and not yet acknowledged. */
    private static final int IN_FLIGHT = 5_000;

    private static final Duration LOG_INTERVAL = Duration.ofSeconds(5);

    private final LabelPublisher publisher;
    private final Labeler labeler;
    private final Optional<String> by;
    private final Optional<String> feed;
    private final Clock clock;
    private final Consumer<String> log;

    /**
     * @param labeler what kind of labeler gave the labels
     * @param by who or what gave them; empty for the file's name
     * @param feed where the tweets came from; empty if that is not known
     * @param log is given a line on the progress every 5 s
     */
    public LabelUpload(
            LabelPublisher publisher,
            Labeler labeler,
            Optional<String> by,
            Optional<String> feed,
            Clock clock,
            Consumer<String> log) {
        this.publisher = publisher;
        this.labeler = labeler;
        this.by = by;
        this.feed = feed;
        this.clock = clock;
        this.log = log;
    }

    /**
     * The outcome for one file.
     *
     * @param acknowledged labels that Kafka has stored
     * @param invalid labels that were not sent, because of an invalid field
     * @param firstFault the first fault; empty if there is none
     * @param failure why sending ended early; empty if all labels were sent
     */
    public record Result(int acknowledged, int invalid, Optional<String> firstFault, Optional<Throwable> failure) {}

    /** Sends the labels of one file, and waits until Kafka has acknowledged them. */
    public Result send(DataSetWithIds table) {
        String name = table.set().name();
        int all = table.ids().size();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        int acknowledged = 0;
        int invalid = 0;
        Optional<String> firstFault = Optional.empty();
        long logged = System.nanoTime();
        try {
            for (int i = 0; i < all; i++) {
                LabeledTweet label =
                        label(table.set().texts().get(i), table.ids().get(i), name, now);
                Optional<String> fault = LabelCheck.fault(label, now).map(CheckedLabel.Invalid::detail);
                if (fault.isPresent()) {
                    invalid++;
                    firstFault = firstFault.or(() -> fault);
                } else {
                    sent.add(publisher.publish(label));
                }
                if (sent.size() == IN_FLIGHT || i == all - 1) {
                    sent.forEach(CompletableFuture::join);
                    acknowledged += sent.size();
                    sent.clear();
                }
                if (System.nanoTime() - logged > LOG_INTERVAL.toNanos()) {
                    logged = System.nanoTime();
                    log.accept(String.format(Locale.ROOT, "%s: %,d of %,d labels sent", name, acknowledged, all));
                }
            }
            return new Result(acknowledged, invalid, firstFault, Optional.empty());
        } catch (CompletionException e) {
            return new Result(acknowledged, invalid, firstFault, Optional.of(e.getCause()));
        }
    }

    private LabeledTweet label(LabeledText text, Optional<String> id, String name, Instant now) {
        return new LabeledTweet(
                id.orElseGet(() -> Label.idOf(text.text())),
                text.text(),
                feed.orElse(null),
                Sentiment.valueOf(text.label().name()),
                labeler,
                by.orElse(name),
                now);
    }
}
