// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.DataSetWithIds;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.label.LabelUpload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code label}: labels in bulk. */
@Command(
        name = "label",
        description = {
            "Sends the labelled texts of files to the trainer.",
            "",
            "They go to the topic tweets.labeled, from which the trainer's rounds learn. A text without an id gets one"
                    + " that is computed from the text, so a file that is sent twice adds nothing."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet label tweets.csv",
            "  deeptweet label judged.csv --labeler person --by ada",
            "  deeptweet label other.csv --text-column tweet --label-column mood \\",
            "      --negative sad,angry --positive glad --id-column no"
        })
final class LabelCommand implements Callable<Integer> {
    /** How long a label waits for a broker that is away for a while. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec command;

    @Mixin
    private LayoutOptions layout;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts, plain or compressed: Sentiment140's, TweetEval's or Kaggle's layout, a table"
                    + " of id, label and text between tabs, or one whose header names text and sentiment.")
    private List<Path> files;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column of the tweets' ids (default: id, tweet_id or textID, if there is one).")
    private Optional<String> idColumn;

    @Option(
            names = "--labeler",
            paramLabel = "NAME",
            defaultValue = "source",
            description = "Kind of labeler, from the most trusted to the least: person, source or weak_rule"
                    + " (default: ${DEFAULT-VALUE}).")
    private LabelerName labeler;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who or what gave the labels (default: the file's name).")
    private Optional<String> by;

    @Option(names = "--feed", paramLabel = "NAME", description = "Feed that the tweets came from (default: none).")
    private Optional<String> feed;

    /** As the option has them. */
    enum LabelerName {
        person(Labeler.PERSON),
        source(Labeler.SOURCE),
        weak_rule(Labeler.WEAK_RULE);

        private final Labeler labeler;

        LabelerName(Labeler labeler) {
            this.labeler = labeler;
        }
    }

    @Override
    public Integer call() throws IOException {
        layout.check();
        InputFiles.readable(files);
        List<DataSetWithIds> tables = new ArrayList<>(); // all are read before one is sent
        for (Path file : files)
            tables.add(DataSetReader.readWithIds(
                    file, layout.isGiven() ? Optional.of(layout.of(file)) : Optional.empty(), idColumn));
        PrintWriter out = command.commandLine().getOut();
        try (LabelPublisher publisher = new LabelPublisher(kafka.connect(Topics.LABELED), PATIENCE)) {
            LabelUpload upload = new LabelUpload(publisher, labeler.labeler, by, feed, Clock.systemUTC(), line -> {
                out.println(line);
                out.flush();
            });
            for (DataSetWithIds table : tables) report(table, upload.send(table), out);
        }
        return 0;
    }

    private void report(DataSetWithIds table, LabelUpload.Result result, PrintWriter out) {
        String name = table.set().name();
        result.firstFault()
                .ifPresent(fault -> command.commandLine()
                        .getErr()
                        .println(name + ": left out " + result.invalid() + " labels, the first because "
                                + UntrustedText.oneLine(fault)));
        result.failure().ifPresent(failure -> {
            throw Failures.ofCause(
                    failure,
                    String.format(
                            Locale.ROOT,
                            "%s: Kafka acknowledged %,d of %,d labels, then no more (%s): send the file again; labels"
                                    + " that are there already are not counted twice",
                            name,
                            result.acknowledged(),
                            table.ids().size(),
                            failure.getMessage()));
        });
        out.printf(
                Locale.ROOT,
                "%s: %,d labels sent, of %,d rows; dropped %s%s%n",
                name,
                result.acknowledged(),
                table.set().rows(),
                table.set().dropped(),
                result.invalid() == 0 ? "" : "; left out " + result.invalid());
        out.flush();
    }
}
