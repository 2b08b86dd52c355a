// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.label.CheckedLabel;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelCheck;
import io.deeptweet.trainer.label.LabelPublisher;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code label}: labels in bulk. */
@Command(
        name = "label",
        mixinStandardHelpOptions = true,
        description = {
            "Sends the labels of files to tweets.labeled, from which the trainer's rounds learn.",
            "",
            "Sentiment140's, TweetEval's and Kaggle's layouts are known, and any table whose header names text and sentiment; plain or gzip. A text without an id gets one that is made from the "
                    + "text, so whoever sends a file twice sends no label twice."
        },
        footer = {
            "",
            "Examples:",
            "  label tweets.csv",
            "  label judged.csv --labeler person --by ada",
            "  label other.csv --text-column tweet --label-column mood --negative sad,angry --positive glad --id-column no",
            "",
            "Exit codes: 0 all labels were sent, 1 not all, for the reason printed, 2 wrong usage."
        })
final class LabelCommand implements Callable<Integer> {
    /** Sent and not acknowledged, at most. */
    private static final int IN_FLIGHT = 5_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration NEWS = Duration.ofSeconds(5);

    @Spec
    private CommandSpec command;

    @Mixin
    private LayoutOptions layout;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Labelled texts.")
    private List<Path> files;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "The column of the tweets' ids (default: id, tweet_id or textID, if there is one).")
    private Optional<String> idColumn;

    @Option(
            names = "--labeler",
            paramLabel = "NAME",
            defaultValue = "source",
            description =
                    "What kind of judge gave the labels, the most trusted first: person, source or weak_rule (default: ${DEFAULT-VALUE}).")
    private Judge labeler;

    @Option(names = "--by", paramLabel = "NAME", description = "Which one (default: the file's name).")
    private Optional<String> by;

    @Option(names = "--feed", paramLabel = "NAME", description = "The feed that the tweets came from, if from one.")
    private Optional<String> feed;

    /** As users write it. */
    enum Judge {
        person(Labeler.PERSON),
        source(Labeler.SOURCE),
        weak_rule(Labeler.WEAK_RULE);

        private final Labeler meant;

        Judge(Labeler meant) {
            this.meant = meant;
        }
    }

    @Override
    public Integer call() throws IOException {
        layout.check();
        PrintWriter out = command.commandLine().getOut();
        List<DataSetReader.DataSetWithIds> tables = new ArrayList<>();
        for (Path file : files)
            tables.add(DataSetReader.tweets(
                    file,
                    layout.isTold() ? Optional.empty() : Optional.of(layout.of(file)),
                    idColumn)); // all are looked at before one is sent
        try (LabelPublisher publisher = new LabelPublisher(kafka.clientSettings(), PATIENCE)) {
            for (DataSetReader.DataSetWithIds table : tables) if (!send(table, publisher, out)) return 1;
        }
        return 0;
    }

    private boolean send(DataSetReader.DataSetWithIds table, LabelPublisher publisher, PrintWriter out) {
        String name = table.set().name();
        int all = table.ids().size();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        int acknowledged = 0;
        int refused = 0;
        long shown = System.nanoTime();
        try {
            for (int i = 0; i < all; i++) {
                LabeledTweet label =
                        label(table.set().texts().get(i), table.ids().get(i), name, now);
                Optional<CheckedLabel.Invalid> fault = LabelCheck.fault(label, now);
                if (fault.isPresent()) {
                    if (refused++ == 0)
                        command.commandLine()
                                .getErr()
                                .println(name + ": a label is left out, as are others like it: "
                                        + fault.get().detail());
                } else {
                    sent.add(publisher.publish(label));
                }
                if (sent.size() == IN_FLIGHT || i == all - 1) {
                    sent.forEach(CompletableFuture::join);
                    acknowledged += sent.size();
                    sent.clear();
                }
                if (System.nanoTime() - shown > NEWS.toNanos()) {
                    shown = System.nanoTime();
                    out.printf("%s: %,d of %,d labels sent%n", name, acknowledged, all);
                    out.flush();
                }
            }
        } catch (CompletionException e) {
            command.commandLine()
                    .getErr()
                    .printf(
                            "%s: Kafka acknowledged %,d of %,d labels, then no more: %s. Send the file again: what comes twice counts once.%n",
                            name, acknowledged, all, e.getCause().getMessage());
            return false;
        }
        out.printf(
                "%s: %,d labels sent, of %,d rows; dropped %s%s%n",
                name,
                acknowledged,
                table.set().rows(),
                table.set().dropped(),
                refused == 0 ? "" : "; left out " + refused);
        out.flush();
        return true;
    }

    private LabeledTweet label(LabeledText text, Optional<String> id, String name, Instant now) {
        return new LabeledTweet(
                id.orElseGet(() -> Label.idOf(text.text())),
                text.text(),
                feed.orElse(null),
                text.positive() ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                labeler.meant,
                by.orElse(name),
                now);
    }
}
