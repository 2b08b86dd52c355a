// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.check.BehaviouralTest;
import io.deeptweet.trainer.check.CheckReport;
import io.deeptweet.trainer.check.CheckSuite;
import io.deeptweet.trainer.check.InvalidSuiteException;
import io.deeptweet.trainer.check.ModelCheck;
import io.deeptweet.trainer.check.TestResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code check}: behavioural tests of a model. */
@Command(
        name = "check",
        description = {
            "Runs behavioural tests: what a model does with negation, names, links and the like.",
            "",
            "Without a file it runs the tests for English that DeepTweet ships. Your files can use their words; see"
                    + " docs/training.md for the format. The exit code is 1 if a test fails more often than it may."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet check",
            "  deeptweet check --model models/my-model.safetensors --out report",
            "  deeptweet check --most-failures 0.1 my-brands.yaml",
            "  deeptweet check --only negation --examples 20"
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "YAML files with more tests (default: the shipped tests alone).")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--most-failures",
            defaultValue = "0.2",
            paramLabel = "SHARE",
            description = "Largest share of failed cases with which a test passes that does not say another, 0 to 1"
                    + " (default: ${DEFAULT-VALUE}).")
    private double mostFailures;

    @Option(names = "--only", paramLabel = "NAME", description = "Run the tests of one capability (default: all).")
    private Optional<String> only;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder to write check.json, check.md and check.html to (default: none).")
    private Optional<Path> out;

    @Option(
            names = "--examples",
            defaultValue = "3",
            paramLabel = "N",
            description = "Failures to show of each test, 0 or more (default: ${DEFAULT-VALUE}).")
    private int examples;

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        Options.atLeast("--examples", 0, examples);
        if (!(mostFailures >= 0 && mostFailures <= 1))
            throw CommandFailedException.usage("--most-failures is " + mostFailures + ": use 0 to 1");
        InputFiles.readable(files);
        out.ifPresent(OutputPaths::folder);
        List<BehaviouralTest> tests = tests().stream()
                .filter(test -> only.isEmpty() || only.get().equals(test.capability()))
                .toList();
        if (tests.isEmpty())
            throw CommandFailedException.usage("--only is " + only.orElse("") + ": no test has this capability");
        ModelArtefact artefact = model.read();
        ModelCheck check = new ModelCheck(KernelScorer.of(artefact), mostFailures, examples);
        CheckReport report = new CheckReport(
                artefact.version(), tests.stream().map(check::run).toList());
        print(report);
        out.ifPresent(folder -> OutputPaths.write(folder, () -> {
            Files.writeString(folder.resolve("check.json"), report.json());
            Files.writeString(folder.resolve("check.md"), report.markdown());
            Files.writeString(folder.resolve("check.html"), report.html());
        }));
        return report.passed() ? 0 : 1;
    }

    private List<BehaviouralTest> tests() throws IOException {
        CheckSuite suite = CheckSuite.shipped();
        try {
            for (Path file : files) suite.read(file);
        } catch (InvalidSuiteException e) {
            throw CommandFailedException.failed(e.getMessage());
        }
        return suite.tests();
    }

    private void print(CheckReport report) {
        PrintWriter terminal = command.commandLine().getOut();
        for (TestResult test : report.tests()) {
            terminal.printf(
                    Locale.ROOT,
                    "%-6s  %5.1f %% of %,6d  %s (expected: %s)%n",
                    test.passed() ? "passed" : "FAILED",
                    100 * test.failureRate(),
                    test.cases(),
                    UntrustedText.oneLine(test.capability() + ": " + test.name()),
                    test.expected());
            for (TestResult.Failure failure : test.examples())
                terminal.printf(
                        "          %s%n",
                        UntrustedText.oneLine(failure.text() + " [" + failure.result() + "]"
                                + (failure.variant().isEmpty()
                                        ? ""
                                        : " | " + failure.variant() + " [" + failure.variantResult() + "]")));
        }
        terminal.println();
        for (CheckReport.Capability capability : report.capabilities())
            terminal.printf(
                    Locale.ROOT,
                    "%5.1f %% mean failure rate: %s (%d test%s)%n",
                    100 * capability.failureRate(),
                    UntrustedText.oneLine(capability.name()),
                    capability.tests(),
                    capability.tests() == 1 ? "" : "s");
        terminal.printf(Locale.ROOT, "%5.1f %% mean failure rate of %s%n", 100 * report.failureRate(), report.model());
        List<String> failed = report.tests().stream()
                .filter(test -> !test.passed())
                .map(TestResult::name)
                .toList();
        if (!failed.isEmpty())
            terminal.printf(
                    Locale.ROOT,
                    "%d of %d tests failed more often than they may: %s%n",
                    failed.size(),
                    report.tests().size(),
                    UntrustedText.oneLine(String.join("; ", failed)));
        terminal.flush();
    }
}
