// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.cli.stack.WorkFolder;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.schemas.topic.TopicSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: measures the whole stream. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures throughput, delay and memory of the whole stream on this machine.",
            "",
            "Uses a broker, a registry and a folder of its own. It measures how many tweets per second come out of a"
                    + " backlog, exactly once, and how long a tweet takes at given rates; the same with tweets passed"
                    + " through unscored; how that grows with partitions and instances; and the memory. It takes about"
                    + " ten minutes, tells its progress on standard error, and prints tables in Markdown.",
            "",
            "Every tweet is accounted for: exit code 1 if one was lost, duplicated or not counted."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet bench",
            "  deploy/deeptweet bench --quick",
            "  deploy/deeptweet bench --feed tweets.jsonl.gz --rates 1000,2000,75%% --json bench.json",
            "  deploy/deeptweet bench --no-scaling --set kafka.commit.interval.ms=50"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--feed",
            paramLabel = "FILE",
            description = "Tweets to send, repeated under new ids: JSON Lines of the X API v2, CSV or plain text, also"
                    + " .gz, .bz2, .xz, .zst or .zip (default: generated ones of realistic length).")
    private Optional<Path> feed;

    @Option(
            names = "--tweets",
            paramLabel = "N",
            description = "Tweets of the measured backlog, and of the one before it that warms up (default: 800000,"
                    + " quick 15000).")
    private Optional<Integer> tweets;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "RATE",
            description = "Tweets per second at which delays are measured: numbers, or percentages of the backlog's"
                    + " throughput (default: 1000,50%%; quick 300).")
    private List<String> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each rate is held; the first half warms up (default: 30, quick 3).")
    private Optional<Integer> seconds;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics, and threads of the classifier (default: the number of cores).")
    private Optional<Integer> partitions;

    @Option(names = "--no-scaling", description = "Leaves out 1, 2 and 4 partitions and 1 and 2 instances.")
    private boolean noScaling;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the classifier, such as kafka.commit.interval.ms=50.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--quick",
            description = "Takes a few seconds for each measurement, to see that it works; the figures are those of"
                    + " JVMs that have just started.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to a file too.")
    private Optional<Path> json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for records, state and logs, which must be new or empty, and is kept (default: a"
                    + " temporary one, deleted at the end).")
    private Optional<Path> data;

    private long lastProgress = System.nanoTime();

    /** @param installation where the services are */
    public BenchCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws InterruptedException {
        int backlog = atLeast("--tweets", tweets.orElse(quick ? 15_000 : 800_000), 1_000);
        int held = atLeast("--seconds", seconds.orElse(quick ? 3 : 30), 1);
        int wide =
                atLeast("--partitions", partitions.orElse(Runtime.getRuntime().availableProcessors()), 1);
        if (rates == null) rates = quick ? List.of("300") : List.of("1000", "50%");
        rates.forEach(this::requireRate);
        feed.filter(file -> !Files.isReadable(file) || Files.isDirectory(file)).ifPresent(file -> {
            throw wrong("--feed " + file + " cannot be read: name a file of tweets");
        });
        json.map(Path::toAbsolutePath)
                .filter(file -> !Files.isDirectory(file.getParent()))
                .ifPresent(file -> {
                    throw wrong("--json " + file + ": there is no folder " + file.getParent());
                });
        PrintWriter out = command.commandLine().getOut();
        BenchReport report = measure(new Shape(wide, 1), backlog, held);
        report.print(out);
        out.flush();
        if (json.isPresent()) report.writeJson(json.get());
        report.lost().forEach(sentence -> command.commandLine().getErr().println("deeptweet bench: " + sentence));
        return report.lost().isEmpty() ? 0 : CommandLine.ExitCode.SOFTWARE;
    }

    private BenchReport measure(Shape shape, int backlog, int held) throws InterruptedException {
        WorkFolder folder = WorkFolder.of(data);
        if (!folder.isEmpty()) throw wrong("--data " + folder.path() + " is not empty: name a new folder");
        Thread hook = new Thread(() -> delete(folder), "delete the folder");
        Runtime.getRuntime().addShutdownHook(hook);
        double loadBefore = Machine.load();
        BenchReport report;
        try (KafkaBroker broker =
                        KafkaBroker.launch(installation.local(), folder.path().resolve("broker"), Ports.free());
                SchemaRegistry registry =
                        SchemaRegistry.start(installation.local(), folder.path().resolve("registry"), Ports.free())) {
            broker.awaitReady();
            Map<String, String> client =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
            publishDefaultModel(shape, client, folder.path());
            BenchTweets load = tweets(client, folder.path());
            var bench = new BenchRun.Bench(client, broker.process(), installation, folder.path(), load, settings);
            BenchPlan plan = new BenchPlan(bench, backlog, held, this::progress);
            // A broker runs for months; compiling its code is no part of a tweet's cost.
            if (!quick) plan.warmUp(shape);
            RunResult scored = plan.scored(shape, rates);
            RunResult passed = plan.passedThrough(shape, scored);
            List<RunResult> scaling = noScaling ? List.of() : plan.scaling(quick, scored);
            report = new BenchReport(load, quick, held, loadBefore, scored, passed, scaling, plan.lost());
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        delete(folder); // after a failure it stays, for its logs
        return report;
    }

    private void publishDefaultModel(Shape shape, Map<String, String> client, Path folder) {
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            new TopicSetup(shape.partitions(), (short) -1, true).ensure(admin);
        }
        say("publishing the default model");
        ServiceProcess.launch(installation, ServiceType.TRAINER, "trainer", Ports.free(), Map.of(), client, folder)
                .awaitReady()
                .close();
    }

    private BenchTweets tweets(Map<String, String> client, Path folder) throws InterruptedException {
        if (feed.isEmpty()) return BenchTweets.generated(installation.sampleFeed());
        say("reading " + feed.get());
        return BenchTweets.of(feed.get(), installation, client, folder);
    }

    private void requireRate(String rate) {
        if (!rate.matches("[1-9]\\d{0,5}|[1-9]\\d?%"))
            throw wrong("--rates has " + rate + ": use tweets per second, 1 to 999999, or 1% to 99%");
    }

    private int atLeast(String option, int value, int least) {
        if (value < least) throw wrong(option + " is " + value + ": use " + least + " or more");
        return value;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private void say(String sentence) {
        PrintWriter err = command.commandLine().getErr();
        err.println(sentence);
        err.flush();
    }

    /** Tells what is being done, not more often than one can read. */
    private void progress(String sentence) {
        if (System.nanoTime() - lastProgress < PROGRESS_INTERVAL.toNanos()) return;
        lastProgress = System.nanoTime();
        say(sentence);
    }

    private void delete(WorkFolder folder) {
        try {
            folder.delete();
        } catch (IOException e) {
            say("deeptweet bench: the folder " + folder.path() + " cannot be deleted: " + e);
        }
    }
}
