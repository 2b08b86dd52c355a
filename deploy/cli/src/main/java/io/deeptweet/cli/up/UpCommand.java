// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.WorkFolder;
import io.deeptweet.cli.up.Stack.Part;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.KafkaConnection;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code up}: runs the whole stack until it is stopped. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the whole stack and a replay of tweets, until Ctrl-C.",
            "",
            "Starts a Kafka broker, a schema registry and DeepTweet's three services, replays tweets, and shows what"
                    + " comes out. With --bootstrap-servers and --registry, it uses a broker and a registry that run"
                    + " already; a broker needs the registry of its records."
                    + " In the background, stop it by kill PID."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet up",
            "  deploy/deeptweet up --feed tweets.jsonl.gz --rate 0 --exit-when-done",
            "  deploy/deeptweet up --live bluesky --track 'apple OR \"apple pie\"'",
            "  deploy/deeptweet up --live mastodon=mastodon.social --track tea",
            "  deploy/deeptweet up --no-feed --data ~/deeptweet-data",
            "  deploy/deeptweet up --classifiers 2",
            "  deploy/deeptweet up --bootstrap-servers kafka:9092 --registry http://registry:8081"
        })
public final class UpCommand implements Callable<Integer> {
    private static final String READY = "%-11s ready after %4.1f s   %s%n";

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private FeedOptions feed;

    @Mixin
    private PortOptions ports;

    @Mixin
    private LogOptions logs;

    @Option(
            names = "--window-sizes",
            paramLabel = "LIST",
            defaultValue = "10s,1m,1h",
            description = "Sizes of the windows (default: ${DEFAULT-VALUE}).")
    private String windowSizes;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "How long after the end of its window a tweet is still counted (default: 3650d, because a"
                    + " replay may hold any past; 10m with --live).")
    private Optional<String> grace;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for records, schemas, state and logs, used again at the next start (default: a"
                    + " temporary one, deleted at the end).")
    private Optional<Path> data;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of new topics (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--classifiers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Instances of the classifier, which share the partitions; each further one listens "
                    + PortOptions.CLASSIFIER_DISTANCE + " ports higher (default: ${DEFAULT-VALUE}).")
    private int classifiers;

    @Option(
            names = "--exit-when-done",
            description = "Stops when the feed has been replayed, scored and counted, and prints the totals; exit code"
                    + " 1 if they do not add up.")
    private boolean exitWhenDone;

    @Option(names = "--quiet", description = "Does not show tweets and windows.")
    private boolean quiet;

    private PrintWriter out;

    /** @param installation where the services are, and where to leave the addresses of the stack */
    public UpCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws Exception {
        out = command.commandLine().getOut();
        if (exitWhenDone && !feed.ends())
            throw wrong("--exit-when-done needs a feed that ends: leave out --no-feed, --live and --loop");
        if (partitions < 1) throw wrong("--partitions is " + partitions + ": use 1 or more");
        if (classifiers < 1 || classifiers > partitions)
            throw wrong("--classifiers is " + classifiers + ": use 1 to " + partitions + ", the number of partitions");
        logs.requireValid();
        installation.runningStack().requireNone();
        Stack stack = new Stack(this::printReady);
        Thread hook = new Thread(() -> stop(stack), "stop the stack");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run(stack);
        } catch (StartFailedException | KafkaException e) {
            // Whoever stops the stack during its start knows why it failed.
            if (stack.isStopped()) return CommandLine.ExitCode.SOFTWARE;
            throw e;
        } finally {
            stop(stack);
            removeHook(hook);
        }
    }

    private int run(Stack stack) throws InterruptedException {
        Map<String, String> given = kafka.given(installation.environment());
        boolean ownBroker = !given.containsKey("bootstrap.servers");
        boolean ownRegistry = !given.containsKey("schema.registry.url");
        if (!ownBroker && ownRegistry)
            throw wrong("Kafka at " + given.get("bootstrap.servers") + " needs the registry of its records: name it by"
                    + " --registry");
        // What cannot work fails now, not when half of the stack has started.
        Map<String, String> feedSettings = feed.ingestSettings(installation.sampleFeed());
        feed.requireToken(installation.environment());
        requireAnswers(ownBroker, ownRegistry);
        if (ownBroker) Ports.requireFree(ports.broker(), "the Kafka broker");
        if (ownRegistry) Ports.requireFree(ports.registry(), "the schema registry");
        ports.requireFree(classifiers);

        WorkFolder folder = WorkFolder.of(data);
        stack.onStop("folder " + folder.path(), folder::delete);
        try {
            return run(stack, folder, given, feedSettings);
        } catch (StartFailedException e) {
            if (!stack.isStopped()) folder.keep(); // for the log that the message names
            throw e;
        }
    }

    private int run(Stack stack, WorkFolder folder, Map<String, String> given, Map<String, String> feedSettings)
            throws InterruptedException {
        boolean ownBroker = !given.containsKey("bootstrap.servers");
        boolean newRecords = ownBroker && folder.isEmpty();
        StackStart start = new StackStart(installation, stack, folder.path(), ports, logs.limit(), given);
        if (!ownBroker) setUpTopics(kafka.clientSettings(installation.environment()));
        out.printf("starting side by side; logs in %s%n", folder.path());
        out.flush();
        Map<String, String> shared = Map.of("deeptweet.topics.partitions", "" + partitions);
        if (feed.isStandardInput()) {
            StandardInput input = StandardInput.through(folder.path().resolve("stdin.txt"));
            stack.onStop("standard input", input::close);
            feedSettings.put(feed.fileSetting(), input.pipe().toString());
        }
        Optional<Part> broker = start.broker();
        start.registry();
        start.trainer(shared);
        Map<String, String> classifierSettings = new HashMap<>(shared);
        classifierSettings.put("deeptweet.window.sizes", windowSizes);
        classifierSettings.put(
                "deeptweet.window.grace", grace.orElse(feed.liveFeed().isPresent() ? "10m" : "3650d"));
        start.classifiers(classifiers, classifierSettings);
        if (broker.isPresent()) stack.awaitReady(broker.get());
        if (ownBroker) setUpTopics(start.client());
        // Tweets of an earlier start that wait to be scored must not be counted with those of this feed.
        if (exitWhenDone && !newRecords) stack.awaitAllReady();

        Optional<FeedTotals> totals = exitWhenDone ? Optional.of(new FeedTotals(feed.name())) : Optional.empty();
        Optional<String> replayed = feed.isReplayed() ? Optional.of(feed.name()) : Optional.empty();
        try (StreamWatch watch = new StreamWatch(start.client(), out, quiet, replayed, feed.liveFeed(), totals)) {
            feedSettings.putAll(shared);
            start.ingest(feedSettings); // only now, so that the watch misses nothing that it writes
            stack.awaitAllReady();
            Map<String, String> addresses = start.addresses(classifiers);
            installation.runningStack().announce(addresses);
            printStarted(addresses);
            keepClassData(stack);
            return watch.run(stack::requireAllAlive, ports.ingest(), ports.classifiers(classifiers));
        }
    }

    private void requireAnswers(boolean ownBroker, boolean ownRegistry) {
        KafkaConnection connection = new KafkaConnection(kafka.clientSettings(installation.environment()));
        Optional<String> fault = ownBroker ? Optional.empty() : connection.brokerFault();
        if (fault.isEmpty() && !ownRegistry) fault = connection.registryFault();
        fault.ifPresent(sentence -> {
            throw CommandFailedException.unreachable(sentence);
        });
    }

    private void setUpTopics(Map<String, String> client) {
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            TopicSetup.Outcome topics = new TopicSetup(partitions, (short) -1, allowsSingleReplica()).ensure(admin);
            int created = topics.created().size();
            out.printf(
                    Locale.ROOT,
                    READY,
                    "topics",
                    secondsSinceStart(),
                    created == 0
                            ? "all there"
                            : "created " + created + " of " + Topics.all().size());
            for (TopicDifference difference : topics.differences()) out.println("            " + difference);
            out.flush();
        }
    }

    /** The setting of the services, which they inherit from this process' environment. */
    private boolean allowsSingleReplica() {
        return Boolean.parseBoolean(installation.environment().get("DEEPTWEET_TOPICS_ALLOW_SINGLE_REPLICA"));
    }

    /** Makes the next start faster, while this stack runs. */
    private static void keepClassData(Stack stack) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (var classData : stack.classData()) classData.create();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "class data");
        thread.setDaemon(true);
        stack.onStop("class data", () -> {
            thread.interrupt();
            thread.join();
        });
        thread.start();
    }

    private void printReady(Part part) {
        out.printf(Locale.ROOT, READY, part.name(), secondsSinceStart(), part.address());
        out.flush();
    }

    private void printStarted(Map<String, String> addresses) {
        String classifier = addresses.get("classifier.ports").split(",", 2)[0];
        out.printf("dashboard   http://localhost:%s/%n", classifier);
        out.printf(
                "metrics     http://localhost:{%s,%s,%s}/q/metrics%n",
                addresses.get("ingest.port"), addresses.get("classifier.ports"), addresses.get("trainer.port"));
        out.printf(
                "push        curl -H 'Content-Type: application/json' http://localhost:%s/tweets \\%n"
                        + "              -d '{\"id\": \"1\", \"text\": \"what a day!\"}'%n",
                addresses.get("ingest.port"));
        feed.liveFeed().ifPresent(name -> out.printf("feed        %s, live; posts follow as they are scored%n", name));
        if (feed.isReplayed())
            out.printf(
                    "feed        %s from %s%n",
                    feed.name(), feed.isStandardInput() ? "the standard input" : feed.file(installation.sampleFeed()));
        out.println(exitWhenDone ? "" : "Ctrl-C stops everything.\n");
        out.flush();
    }

    private void stop(Stack stack) {
        stack.stop(names -> {
            out.println("\nstopping " + names);
            out.flush();
        });
        installation.runningStack().withdraw();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
        }
    }

    private static double secondsSinceStart() {
        Instant start = ProcessHandle.current().info().startInstant().orElse(Instant.now());
        return Duration.between(start, Instant.now()).toMillis() / 1e3;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
