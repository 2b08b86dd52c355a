// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.inspect;

import io.deeptweet.cli.file.FileOptions;
import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.tweet.OpenNlpLanguageDetector;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: says what a file of tweets holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what a file is, how many records of each shape it holds, what ingest would reject and why,"
                + " and shows the first tweets. Needs no broker.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every record can be used", "1:some records would be rejected, or the file cannot be read"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet inspect tweets.jsonl.gz",
            "  deploy/deeptweet inspect tweets.csv --field text=Body --field id=Key",
            "  deploy/deeptweet inspect answers.json --field text=/payload/text --json | jq .rejected",
        })
public final class InspectCommand implements Callable<Integer> {
    private static final String FEED = "inspect";
    private static final long PROGRESS_RECORDS = 100_000;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "A file, plain or compressed; - is the standard input.")
    private Path file;

    @Mixin
    private FileOptions options;

    @Option(
            names = "--show",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many tweets to show (default: ${DEFAULT-VALUE}).")
    private int show;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        if (show < 0) throw wrong("--show is " + show + ": use 0 or more");
        PrintWriter out = command.commandLine().getOut();
        InspectionReport report;
        Path readable = file.toString().equals("-") ? Path.of("/dev/stdin") : file;
        try (InputStream in = InputFile.open(readable)) {
            InputRecords input = InputRecords.open(
                    in,
                    InputRecords.Hints.ofFile(
                            file,
                            options.format(),
                            options.fields(),
                            options.encoding(),
                            InputRecords.DEFAULT_LARGEST_RECORD));
            Inspection inspection = new Inspection(
                    options.languages(),
                    options.idFromLine() || input.format() == FileFormat.TEXT,
                    InputRecords.DEFAULT_LARGEST_RECORD,
                    show);
            Optional<String> fault = read(input, inspection);
            report = new InspectionReport(file, input.format(), inspection, fault);
        } catch (IOException e) {
            throw CommandFailedException.failed(e.getMessage(), e);
        }
        out.print(json ? report.json() : report.text());
        out.flush();
        return report.isClean() ? 0 : 1;
    }

    /** Returns why the file could not be read to its end; empty if it could. */
    private Optional<String> read(InputRecords input, Inspection inspection) {
        RecordParser parser = new RecordParser(
                input.records(), new TweetParser(FEED, new OpenNlpLanguageDetector(), Clock.systemUTC()));
        PrintWriter err = command.commandLine().getErr();
        try {
            inspection.read(input, parser, records -> {
                if (records % PROGRESS_RECORDS == 0) err.printf("%,d records%n", records);
            });
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
