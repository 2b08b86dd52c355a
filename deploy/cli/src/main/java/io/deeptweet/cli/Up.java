// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a Kafka broker and a schema registry, DeepTweet's three services, and a replay of tweets, and shows what happens until Ctrl-C stops it all.",
            "With --bootstrap-servers and --registry it uses a broker and a registry that run already."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet up",
            "  deploy/deeptweet up --feed tweets.jsonl.gz --rate 0 --exit-when-done",
            "  deploy/deeptweet up --no-feed --data ~/deeptweet-data",
            "  deploy/deeptweet up --classifiers 2",
            "  deploy/deeptweet up --bootstrap-servers kafka:9092 --registry http://registry:8081"
        })
final class Up implements Callable<Integer> {
    private static final String PORTS_APART = "100";
    private static final String LINE = "%-11s %-9s %-45s log %s%n";

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--feed",
            paramLabel = "FILE",
            description =
                    "Tweets to replay: JSON Lines of the X API v2, CSV or plain text, also .gz (default: a few hundred that the project ships).")
    private Optional<Path> feed;

    @Option(names = "--feed-name", paramLabel = "NAME", description = "What the feed is called (default: by the file).")
    private Optional<String> feedName;

    @Option(names = "--no-feed", description = "Replay nothing: tweets come by POST /tweets.")
    private boolean noFeed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "Tweets a second; 0 is as fast as Kafka takes them (default: ${DEFAULT-VALUE}).")
    private String rate;

    @Option(names = "--loop", description = "Start the feed again at its end.")
    private boolean loop;

    @Option(
            names = "--created-at",
            paramLabel = "keep|now",
            description =
                    "Keep the tweets' dates or have them written now (default: now for the shipped feed, keep for yours).")
    private Optional<String> createdAt;

    @Option(
            names = "--missing-id",
            paramLabel = "reject|line",
            defaultValue = "reject",
            description =
                    "What becomes of tweets without an id: rejected, or given one by the line (default: ${DEFAULT-VALUE}).")
    private String missingId;

    @Option(
            names = "--languages",
            paramLabel = "LIST",
            defaultValue = "en,und",
            description = "Languages that pass; und is unknown, * all (default: ${DEFAULT-VALUE}).")
    private String languages;

    @Option(
            names = "--window-sizes",
            paramLabel = "LIST",
            defaultValue = "10s,1m,1h",
            description = "Sizes of the windows (default: ${DEFAULT-VALUE}).")
    private String windowSizes;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "3650d",
            description =
                    "How late a tweet may be and still be counted; long, since a replay may hold any past (default: ${DEFAULT-VALUE}).")
    private String grace;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for records, schemas, state and logs, used again at the next start (default: a temporary one, deleted at the end).")
    private Optional<Path> data;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of the topics (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--classifiers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Instances of the classifier, which share the partitions; each further one listens "
                    + PORTS_APART + " ports higher (default: ${DEFAULT-VALUE}).")
    private int classifiers;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "(default: ${DEFAULT-VALUE})")
    private int brokerPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "(default: ${DEFAULT-VALUE})")
    private int registryPort;

    @Option(
            names = "--ingest-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "(default: ${DEFAULT-VALUE})")
    private int ingestPort;

    @Option(
            names = "--classifier-port",
            paramLabel = "PORT",
            defaultValue = "8091",
            description = "(default: ${DEFAULT-VALUE})")
    private int classifierPort;

    @Option(
            names = "--trainer-port",
            paramLabel = "PORT",
            defaultValue = "8092",
            description = "(default: ${DEFAULT-VALUE})")
    private int trainerPort;

    @Option(
            names = "--exit-when-done",
            description =
                    "Stop once the feed has been replayed, scored and counted, and print the sums; exit code 1 if they do not add up.")
    private boolean exitWhenDone;

    @Option(names = "--quiet", description = "Do not show tweets and windows as they come.")
    private boolean quiet;

    private final Installation installation = Installation.found();
    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean stopped;

    /** Something that was started; {@code process} is empty for what is only a file. */
    private record Part(String name, Optional<ChildProcess> process, AutoCloseable closing) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        if (exitWhenDone && (noFeed || loop))
            throw wrong("--exit-when-done needs a feed that ends: leave out --no-feed and --loop");
        if (partitions < 1) throw wrong("--partitions is " + partitions + ": use 1 or more");
        if (classifiers < 1 || classifiers > partitions)
            throw wrong("--classifiers is " + classifiers + ": use 1 to " + partitions + ", the number of partitions");
        installation.running().ifPresent(other -> {
            throw new StartFailedException(
                    "deeptweet up runs here already, as process " + other.get("pid") + ": stop it first");
        });
        Thread hook = new Thread(() -> stop(out), "stop the stack");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run(out);
        } catch (StartFailedException | KafkaException e) {
            if (isStopped())
                return CommandLine.ExitCode.SOFTWARE; // what is told to stop while it starts has not failed
            throw e;
        } finally {
            stop(out);
        }
    }

    private int run(PrintWriter out) throws InterruptedException {
        Map<String, String> client = kafka.given();
        boolean ownBroker = !client.containsKey("bootstrap.servers");
        boolean ownRegistry = !client.containsKey("schema.registry.url");
        // What cannot work is said at once, not after half of it has started.
        if (ownBroker) Ports.requireFree(brokerPort, "the Kafka broker");
        if (ownRegistry) Ports.requireFree(registryPort, "the schema registry");
        Ports.requireFree(ingestPort, "ingest");
        for (int port : classifierPorts()) Ports.requireFree(port, "the classifier");
        Ports.requireFree(trainerPort, "the trainer");
        Map<String, String> ingestSettings = ingestSettings();
        Path folder = folder();
        if (ownBroker) {
            KafkaBroker broker = KafkaBroker.start(installation.local(), folder.resolve("broker"), brokerPort);
            started("broker", broker.process(), broker);
            client.put("bootstrap.servers", broker.bootstrapServers());
            out.printf(
                    LINE,
                    "broker",
                    "ready",
                    broker.bootstrapServers(),
                    broker.process().log());
        }
        if (ownRegistry) {
            SchemaRegistry registry =
                    SchemaRegistry.start(installation.local(), folder.resolve("registry"), registryPort);
            started("registry", registry.process(), registry);
            client.put("schema.registry.url", registry.url());
            out.printf(
                    LINE,
                    "registry",
                    "ready",
                    registry.url(),
                    registry.process().log());
        }
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            TopicSetup.Outcome topics = new TopicSetup(partitions, (short) -1).ensure(admin);
            out.printf(
                    "%-11s %-9s %s%n",
                    "topics",
                    "ready",
                    topics.created().isEmpty() ? "all there" : "created " + String.join(", ", topics.created()));
            for (TopicDifference difference : topics.differences()) out.println("            " + difference);
        }

        Map<String, String> environment = environment(client);
        Service trainer = started(Service.start(
                "trainer",
                installation.service("trainer"),
                trainerPort,
                Service.TRAINER,
                Map.of("deeptweet.topics.partitions", "" + partitions),
                environment,
                folder,
                "serve"));
        List<Service> instances = new ArrayList<>();
        for (int port : classifierPorts())
            instances.add(started(classifier(instances.size(), port, environment, folder)));
        trainer.awaitReady();
        out.printf(
                LINE,
                "trainer",
                "ready",
                "http://localhost:" + trainerPort + "/models",
                trainer.process().log());
        for (Service classifier : instances) {
            classifier.awaitReady();
            out.printf(
                    LINE,
                    classifier.name(),
                    "ready",
                    "http://localhost:" + classifier.port() + "/status",
                    classifier.process().log());
        }

        Map<String, String> addresses = new LinkedHashMap<>(Map.of(
                "bootstrap.servers",
                client.get("bootstrap.servers"),
                "schema.registry.url",
                client.get("schema.registry.url"),
                "ingest.port",
                "" + ingestPort,
                "classifier.port",
                "" + classifierPort,
                "classifier.ports",
                classifierPorts().stream().map(String::valueOf).collect(Collectors.joining(",")),
                "trainer.port",
                "" + trainerPort,
                "logs",
                folder.toString()));
        Optional<Watch.Account> account =
                exitWhenDone ? Optional.of(new Watch.Account(name(), ingestPort)) : Optional.empty();
        try (Watch watch = new Watch(Map.copyOf(client), out, quiet, account)) {
            Service ingest = started(Service.start(
                    "ingest",
                    installation.service("ingest"),
                    ingestPort,
                    Service.INGEST,
                    ingestSettings,
                    environment,
                    folder));
            ingest.awaitReady();
            out.printf(
                    LINE,
                    "ingest",
                    "ready",
                    "http://localhost:" + ingestPort + "/feeds",
                    ingest.process().log());
            installation.announce(addresses);
            out.printf(
                    "metrics     http://localhost:{%d,%s,%d}/q/metrics%n",
                    ingestPort, addresses.get("classifier.ports"), trainerPort);
            out.printf(
                    "push        curl -H 'Content-Type: application/json' -d '{\"id\": \"1\", \"text\": \"what a day!\"}' http://localhost:%d/tweets%n",
                    ingestPort);
            if (!noFeed) out.printf("feed        %s from %s%n", name(), file());
            out.println(exitWhenDone ? "" : "Ctrl-C stops it all.\n");
            out.flush();
            return watch.run(this::requireAllAlive);
        }
    }

    private synchronized void requireAllAlive() {
        for (Part part : parts)
            if (part.process().filter(process -> !process.isAlive()).isPresent())
                throw new StartFailedException(part.name() + " ended by itself: see its log"
                        + (data.isPresent() ? ", " + part.process().get().log() : " (run with --data DIR to keep it)"));
    }

    private List<Integer> classifierPorts() {
        return IntStream.range(0, classifiers)
                .mapToObj(i -> classifierPort + i * Integer.parseInt(PORTS_APART))
                .toList();
    }

    private Service classifier(int index, int port, Map<String, String> environment, Path folder) {
        String suffix = index == 0 ? "" : "" + (index + 1);
        return Service.start(
                "classifier" + suffix,
                installation.service("classifier-stream"),
                port,
                Service.CLASSIFIER,
                Map.of(
                        "deeptweet.topics.partitions",
                        "" + partitions,
                        "deeptweet.state-dir",
                        folder.resolve("state" + suffix).toString(),
                        "deeptweet.address",
                        "localhost:" + port,
                        "deeptweet.window.sizes",
                        windowSizes,
                        "deeptweet.window.grace",
                        grace),
                environment,
                folder);
    }

    private Map<String, String> ingestSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("deeptweet.topics.partitions", "" + partitions);
        settings.put("deeptweet.push.languages", languages);
        if (noFeed) return settings;
        if (!Files.isReadable(file()) || Files.isDirectory(file()))
            throw wrong("--feed " + file() + " cannot be read: name a file of tweets");
        String prefix = "deeptweet.feeds.\"" + name() + "\".";
        settings.put(prefix + "file", file().toAbsolutePath().toString());
        settings.put(prefix + "rate", rate);
        settings.put(prefix + "repeat", loop ? "loop" : "once");
        settings.put(prefix + "created-at", createdAt.orElse(feed.isPresent() ? "keep" : "now"));
        settings.put(prefix + "missing-id", missingId);
        settings.put(prefix + "languages", languages);
        return settings;
    }

    private Path file() {
        return feed.orElse(installation.sampleFeed());
    }

    /** The feed's name: as given, or the file's up to its first dot. */
    String name() {
        if (feedName.isPresent()) return feedName.get();
        if (feed.isEmpty()) return "sample";
        String name = file().getFileName()
                .toString()
                .replaceFirst("\\..*", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]", "-")
                .replaceFirst("^[^a-z0-9]+", "");
        return name.isEmpty() ? "feed" : name.substring(0, Math.min(64, name.length()));
    }

    /**
     * Settings as environment variables, which other users of the machine cannot see: {@code KAFKA_SASL_JAAS_CONFIG}.
     */
    static Map<String, String> environment(Map<String, String> client) {
        Map<String, String> environment = new HashMap<>();
        client.forEach((key, value) ->
                environment.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        return environment;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private Path folder() {
        try {
            if (data.isPresent()) return Files.createDirectories(data.get().toAbsolutePath());
            Path folder = Files.createTempDirectory("deeptweet");
            add(new Part("files", Optional.empty(), () -> {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
                }
            }));
            return folder;
        } catch (IOException e) {
            String folder = data.map(path -> "--data " + path)
                    .orElse("the folder for temporary files, " + System.getProperty("java.io.tmpdir") + ",");
            throw new StartFailedException(folder + " cannot be used: " + e + ": choose another by --data DIR", e);
        }
    }

    private Service started(Service service) {
        started(service.name(), service.process(), service);
        return service;
    }

    private void started(String name, ChildProcess process, AutoCloseable closing) {
        add(new Part(name, Optional.of(process), closing));
    }

    private synchronized void add(Part part) {
        if (stopped) {
            closeQuietly(part);
            throw new StartFailedException("stopped");
        }
        parts.push(part);
    }

    /** Whether {@link #stop} was called; not answered before it is done. */
    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Ends what was started, the last first: ingest, classifier, trainer, registry, broker. */
    private synchronized void stop(PrintWriter out) {
        if (stopped) return;
        stopped = true;
        String names = parts.stream()
                .filter(part -> part.process().isPresent())
                .map(Part::name)
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            out.println("\nstopping " + names);
            out.flush();
        }
        while (!parts.isEmpty()) closeQuietly(parts.pop());
        if (installation
                .running()
                .filter(running ->
                        running.get("pid").equals("" + ProcessHandle.current().pid()))
                .isPresent()) installation.withdraw();
    }

    private static void closeQuietly(Part part) {
        try {
            part.closing().close();
        } catch (Exception e) {
            System.err.println("deeptweet: the " + part.name() + " cannot be cleared away: " + e);
        }
    }
}
