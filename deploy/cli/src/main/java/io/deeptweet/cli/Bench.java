// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.BenchRun.Delays;
import io.deeptweet.cli.BenchRun.Drain;
import io.deeptweet.cli.BenchRun.Result;
import io.deeptweet.cli.BenchRun.Shape;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.topic.TopicSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the whole stream on this machine, with a broker, a registry and a folder of its own: how many tweets a second come out of a backlog, exactly once, "
                    + "and how long a tweet takes at given rates; the same with tweets passed through unscored; how that grows with partitions and instances; and what memory it needs. "
                    + "Some minutes; what it does is told on standard error, the tables are printed at the end in Markdown.",
            "Every tweet is accounted for: exit code 1 if one was lost, doubled or not counted."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet bench",
            "  deploy/deeptweet bench --quick",
            "  deploy/deeptweet bench --feed tweets.jsonl.gz --rates 1000,2000,75%%  --json bench.json",
            "  deploy/deeptweet bench --no-scaling --set kafka.commit.interval.ms=50"
        })
final class Bench implements Callable<Integer> {
    private static final Duration TELL = Duration.ofSeconds(2);

    @Spec
    private CommandSpec command;

    @Option(
            names = "--feed",
            paramLabel = "FILE",
            description =
                    "Tweets to send, again and again under new ids: JSON Lines of the X API v2, CSV or plain text, also .gz (default: made ones of realistic length).")
    private Optional<Path> feed;

    @Option(
            names = "--tweets",
            paramLabel = "N",
            description =
                    "Tweets of the backlog that is measured, and of the one before it that warms up (default: 800000, quick 15000).")
    private Optional<Integer> tweets;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "RATE",
            description =
                    "Tweets a second at which delays are measured: numbers, or shares of what the backlog gave (default: 1000,50%%; quick 300).")
    private List<String> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each rate is held; the first half warms up (default: 30, quick 3).")
    private Optional<Integer> seconds;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics, and threads of the classifier (default: the cores).")
    private Optional<Integer> partitions;

    @Option(names = "--no-scaling", description = "Leave out 1, 2 and 4 partitions and 1 and 2 instances.")
    private boolean noScaling;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the classifier, such as kafka.commit.interval.ms=50.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--quick",
            description =
                    "A few seconds of each, to see that it works; its figures are those of JVMs that have just started.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
    private Optional<Path> json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for records, state and logs, which must be new or empty, and stays (default: a temporary one, deleted at the end).")
    private Optional<Path> data;

    private final Installation installation = Installation.found();
    private long lastTold = System.nanoTime();

    @Override
    public Integer call() throws Exception {
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
        report.lost().forEach(sentence -> command.commandLine().getErr().println("deeptweet: " + sentence));
        return report.lost().isEmpty() ? 0 : CommandLine.ExitCode.SOFTWARE;
    }

    private BenchReport measure(Shape shape, int backlog, int held) throws IOException, InterruptedException {
        Path folder = folder();
        boolean done = false;
        Thread hook = new Thread(() -> clear(folder), "clear the folder");
        Runtime.getRuntime().addShutdownHook(hook);
        double loadBefore = BenchReport.load();
        try (KafkaBroker broker = KafkaBroker.start(installation.local(), folder.resolve("broker"), Ports.free());
                SchemaRegistry registry =
                        SchemaRegistry.start(installation.local(), folder.resolve("registry"), Ports.free())) {
            Map<String, String> client =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
            try (Admin admin = Admin.create(Map.copyOf(client))) {
                new TopicSetup(shape.partitions(), (short) -1).ensure(admin);
            }
            say("publishing the default model");
            Service.start(
                            "trainer",
                            installation.service("trainer"),
                            Ports.free(),
                            Service.TRAINER,
                            Map.of(),
                            Up.environment(client),
                            folder,
                            "serve")
                    .awaitReady()
                    .close();
            if (feed.isPresent()) say("reading " + feed.get());
            BenchTweets load = feed.isPresent()
                    ? BenchTweets.of(feed.get(), installation, client, folder)
                    : BenchTweets.made(installation.sampleFeed());

            Set<String> lost = new LinkedHashSet<>();
            Runner runner = (wanted, scoring, atRates) -> {
                try (BenchRun run = new BenchRun(
                        client, broker.process(), installation, folder, load, wanted, scoring, settings, this::tell)) {
                    Result result = run.run(backlog, atRates, held);
                    lost.addAll(result.lost());
                    return result;
                }
            };
            // A broker runs for months; compiling its code is no part of a tweet's cost, nor of the first
            // measurement's.
            if (!quick) runner.run(shape, true, drain -> List.of());
            Result scored = runner.run(
                    shape,
                    true,
                    drain -> rates.stream()
                            .map(rate -> rate(rate, drain.perSecond()))
                            .toList());
            Result passed = runner.run(
                    shape,
                    false,
                    drain -> scored.delays().stream().map(Delays::rate).toList());
            Map<Shape, Result> scaling = new LinkedHashMap<>();
            if (!noScaling)
                for (Shape each : quick
                        ? List.of(new Shape(2, 2))
                        : List.of(new Shape(1, 1), new Shape(2, 1), new Shape(4, 1), new Shape(2, 2), new Shape(4, 2)))
                    scaling.put(each, each.equals(shape) ? scored : runner.run(each, true, drain -> List.of()));
            done = true;
            return new BenchReport(
                    load, quick, held, loadBefore, scored, passed, List.copyOf(scaling.values()), List.copyOf(lost));
        } finally {
            if (done) clear(folder); // else the logs tell why
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private interface Runner {
        Result run(Shape shape, boolean scoring, Function<Drain, List<Integer>> rates) throws InterruptedException;
    }

    private static int rate(String rate, double capacity) {
        return rate.endsWith("%")
                ? (int) Math.max(1, Math.round(capacity * Integer.parseInt(rate.replace("%", "")) / 100))
                : Integer.parseInt(rate);
    }

    private void requireRate(String rate) {
        if (!rate.matches("[1-9]\\d{0,5}|[1-9]\\d?%"))
            throw wrong("--rates has " + rate + ": use tweets a second, 1 to 999999, or 1% to 99%");
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

    /** What goes on, not more often than one can read. */
    private void tell(String progress) {
        if (System.nanoTime() - lastTold < TELL.toNanos()) return;
        lastTold = System.nanoTime();
        say(progress);
    }

    private Path folder() {
        try {
            if (data.isEmpty()) return Files.createTempDirectory("deeptweet-bench");
            Path folder = Files.createDirectories(data.get().toAbsolutePath());
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) throw wrong("--data " + folder + " is not empty: name a new folder");
            }
            return folder;
        } catch (IOException e) {
            throw new StartFailedException(
                    "no folder for the benchmark's files: " + e + ": name another by --data DIR", e);
        }
    }

    private void clear(Path folder) {
        if (data.isPresent() || !Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException e) {
            say("deeptweet: the folder " + folder + " cannot be cleared away: " + e);
        }
    }
}
