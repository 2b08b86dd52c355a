// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.ClassDataArchive;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The processes of a stack, each of which can be killed or frozen at any time. One that has ended is started again with
 * the same folder, port and settings. The log of an earlier start is kept beside the last one. Thread-safe.
 */
final class TortureStack implements AutoCloseable {
    /** Tweets per second of the file that ingest replays. */
    static final int REPLAYED_PER_SECOND = 10;

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration POLL = Duration.ofMillis(200);
    /** So short that a freeze goes beyond them. */
    private static final String TRANSACTION_TIMEOUT = "5000";

    private static final String SESSION_TIMEOUT = "6000";

    /** Those of {@link Outcome#WINDOW_SIZES}. */
    private static final String WINDOW_SIZES =
            Outcome.WINDOW_SIZES.stream().map(Duration::toString).collect(Collectors.joining(","));

    private record Running(
            ChildProcess process, BooleanSupplier ready, Optional<ClassDataArchive> classData, AutoCloseable closing) {}

    private final Installation installation;
    private final Path folder;
    private final Consumer<String> progress;
    private final Map<StackProcess, Integer> ports = new EnumMap<>(StackProcess.class);
    private final Map<String, String> client;
    private final Map<StackProcess, Running> running = new EnumMap<>(StackProcess.class);
    private final Map<StackProcess, Integer> starts = new EnumMap<>(StackProcess.class);
    /** The ids of the processes that were ready once. */
    private final Set<Long> started = ConcurrentHashMap.newKeySet();

    private int endedByThemselves;
    private boolean closed;

    /**
     * @param folder for records, state and logs
     * @param progress told when a process has ended by itself
     */
    TortureStack(Installation installation, Path folder, Consumer<String> progress) {
        this.installation = installation;
        this.folder = folder;
        this.progress = progress;
        for (StackProcess process : StackProcess.values()) ports.put(process, Ports.free());
        client = Map.of(
                "bootstrap.servers",
                "localhost:" + port(StackProcess.BROKER),
                "schema.registry.url",
                SchemaRegistry.url(port(StackProcess.REGISTRY)));
    }

    /** Settings of Kafka's and the registry's clients. */
    Map<String, String> client() {
        return client;
    }

    int partitions() {
        return PARTITIONS;
    }

    int port(StackProcess process) {
        return ports.get(process);
    }

    /** Starts a process without waiting for it. */
    synchronized void start(StackProcess process) {
        if (closed) throw new StartFailedException("stopped");
        int start = starts.merge(process, 1, Integer::sum);
        Optional.ofNullable(running.get(process))
                .ifPresent(before -> keepLog(before.process().log(), start - 1));
        running.put(process, launch(process));
    }

    private Running launch(StackProcess process) {
        return switch (process) {
            case BROKER -> {
                KafkaBroker broker = KafkaBroker.launch(installation.local(), folder.resolve("broker"), port(process));
                yield new Running(broker.process(), broker::isReady, broker.classData(), broker);
            }
            case REGISTRY -> {
                SchemaRegistry registry =
                        SchemaRegistry.launch(installation.local(), folder.resolve("registry"), port(process));
                yield new Running(registry.process(), registry::isReady, registry.classData(), registry);
            }
            case INGEST -> service(process, ServiceType.INGEST, ingestSettings());
            case TRAINER -> service(process, ServiceType.TRAINER, trainerSettings());
            case CLASSIFIER, CLASSIFIER_2 -> service(process, ServiceType.CLASSIFIER, classifierSettings(process));
        };
    }

    private Running service(StackProcess process, ServiceType type, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("deeptweet.topics.partitions", "" + PARTITIONS);
        ServiceProcess service =
                ServiceProcess.launch(installation, type, process.label(), port(process), settings, client, folder);
        return new Running(service.process(), service::isReady, service.classData(), service);
    }

    /** The file that ingest replays, slowly enough that it lasts while processes are killed. */
    Path replayedFile() {
        return folder.resolve("replayed.jsonl");
    }

    private Map<String, String> ingestSettings() {
        return Map.of(
                "deeptweet.feeds.replayed.file",
                replayedFile().toString(),
                "deeptweet.feeds.replayed.rate",
                "" + REPLAYED_PER_SECOND,
                "kafka.transaction.timeout.ms",
                TRANSACTION_TIMEOUT);
    }

    /** The guard set of the rounds. */
    Path guardFile() {
        return folder.resolve("guard.csv");
    }

    /** With a guard set in the words of the small models, so that rounds are published too. */
    private Map<String, String> trainerSettings() {
        return Map.of(
                "deeptweet.guard.behaviour",
                "false",
                "deeptweet.guard.file",
                guardFile().toString(),
                "deeptweet.gate.changed-verdicts",
                "1",
                "deeptweet.publish-default",
                "false",
                "deeptweet.round.labels",
                "" + LabelLoad.LABELS_OF_A_ROUND,
                "deeptweet.round.epochs",
                "1",
                "deeptweet.rehearsal.ratio",
                "0",
                "kafka.transaction.timeout.ms",
                TRANSACTION_TIMEOUT,
                "kafka.session.timeout.ms",
                SESSION_TIMEOUT);
    }

    private Map<String, String> classifierSettings(StackProcess process) {
        return Map.of(
                "deeptweet.threads",
                "2",
                "deeptweet.window.sizes",
                WINDOW_SIZES,
                "deeptweet.state-dir",
                folder.resolve("state-" + process.label()).toString(),
                "deeptweet.address",
                "localhost:" + port(process),
                "kafka.transaction.timeout.ms",
                TRANSACTION_TIMEOUT,
                "kafka.consumer.session.timeout.ms",
                SESSION_TIMEOUT,
                "kafka.consumer.heartbeat.interval.ms",
                "1500");
    }

    private static void keepLog(Path log, int start) {
        String name = log.getFileName().toString().replace(".log", "-" + start + ".log");
        try {
            Files.move(log, log.resolveSibling(name));
        } catch (IOException e) {
            throw new StartFailedException(log + " cannot be renamed: " + e, e);
        }
    }

    /** Kills a process and starts it again, without waiting for it. */
    synchronized void killAndStart(StackProcess process) {
        if (closed) return;
        running.get(process).process().kill();
        clearAway(process);
        start(process);
    }

    synchronized void freeze(StackProcess process) {
        if (!closed) running.get(process).process().freeze();
    }

    /** Does nothing if it was not frozen. */
    synchronized void thaw(StackProcess process) {
        if (running.get(process).process().isAlive())
            running.get(process).process().thaw();
    }

    /**
     * Waits until a process is ready. One that has ended by itself is started again, as a supervisor would.
     *
     * @throws StartFailedException if it takes too long
     */
    void awaitReady(StackProcess process) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady(process)) {
            if (System.nanoTime() > deadline) throw current(process).process().notReadyWithin(PATIENCE);
            Thread.sleep(POLL.toMillis());
        }
    }

    /**
     * Waits until a process has been ready since its last start: now it may be held up by another that is down.
     *
     * @throws StartFailedException if it takes too long
     */
    void awaitStarted(StackProcess process) throws InterruptedException {
        if (!started.contains(current(process).process().pid())) awaitReady(process);
    }

    private boolean isReady(StackProcess process) {
        Running now = current(process);
        if (now.process().isAlive()) {
            boolean ready = now.ready().getAsBoolean();
            if (ready) started.add(now.process().pid());
            return ready;
        }
        synchronized (this) {
            if (closed) throw new StartFailedException("stopped");
            if (current(process) != now) return false;
            endedByThemselves++;
            clearAway(process);
            start(process);
        }
        progress.accept(process.label() + " has ended by itself and is started again; log " + process.label() + "-"
                + (starts.get(process) - 1) + ".log");
        return false;
    }

    private synchronized Running current(StackProcess process) {
        return running.get(process);
    }

    void thawAll() {
        for (StackProcess process : StackProcess.values()) thaw(process);
    }

    /** How many processes have ended without being killed. */
    synchronized int endedByThemselves() {
        return endedByThemselves;
    }

    /** Makes the class data archives of all processes, with which they start in half the time. */
    void keepClassData() throws InterruptedException {
        for (StackProcess process : StackProcess.values()) {
            Optional<ClassDataArchive> classData = current(process).classData();
            if (classData.isPresent()) classData.get().create();
        }
    }

    private void clearAway(StackProcess process) {
        try {
            running.get(process).closing().close();
        } catch (Exception e) {
            throw new StartFailedException(process.label() + " cannot be cleared away: " + e, e);
        }
    }

    /** Ends all processes, those that were started last first. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        running.keySet().forEach(this::thaw);
        StackProcess[] processes = StackProcess.values();
        for (int i = processes.length - 1; i >= 0; i--) if (running.containsKey(processes[i])) clearAway(processes[i]);
    }
}
