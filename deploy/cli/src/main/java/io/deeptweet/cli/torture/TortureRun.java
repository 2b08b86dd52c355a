// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.publish.ModelTopic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** One run: starts the stack, injects faults under load, waits until it is at rest, and checks every record. */
final class TortureRun implements AutoCloseable {
    /** If nothing has come for so long, and the records differ, they always will. */
    private static final Duration STUCK = Duration.ofSeconds(90);
    /** If nothing has come for so long, and the records agree, the run is complete. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    /** From so many cycles on, faster starts are worth the time that it takes to prepare them. */
    private static final int WORTH_CLASS_DATA = 20;
    /** So many seconds of a cycle, which takes about 7, does the replayed file last. */
    private static final int REPLAYED_SECONDS = 6;

    private final TortureStack stack;
    private final int rate;
    private final Consumer<String> progress;
    private final List<InjectedFault> faults;
    private final SentRecords sent;
    private final Set<StackProcess> frozen = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thawing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "thaw");
        thread.setDaemon(true);
        return thread;
    });

    /** @param rate tweets per second that are posted */
    TortureRun(TortureStack stack, List<InjectedFault> faults, int rate, Consumer<String> progress) {
        this.stack = stack;
        this.faults = faults;
        this.sent = new SentRecords(faults.size() * REPLAYED_SECONDS * TortureStack.REPLAYED_PER_SECOND);
        this.rate = rate;
        this.progress = progress;
    }

    /**
     * What a run did.
     *
     * @param differences what is not as it must be, in sentences; empty if all is well
     */
    record Result(SentRecords sent, Outcome outcome, List<String> differences) {}

    /** Runs the cycles, and returns what differs in the end. */
    Result run() throws IOException, InterruptedException {
        sent.writeFile(stack.replayedFile());
        LabelLoad.writeGuard(stack.guardFile());
        start();
        ModelSwaps swaps = new ModelSwaps(stack.client(), sent);
        swaps.publish();
        awaitAllReady();
        if (faults.size() >= WORTH_CLASS_DATA) stack.keepClassData();
        try (InvalidRecords garbage = new InvalidRecords(stack.client())) {
            TweetLoad tweets = new TweetLoad(stack, sent, garbage, rate);
            LabelLoad labels = new LabelLoad(stack, sent, garbage);
            try (Load first = new Load("load of tweets", TweetLoad.INTERVAL, tweets::send);
                    Load second = new Load("load of labels", LabelLoad.INTERVAL, labels::send);
                    Load third = new Load("swaps of models", ModelSwaps.INTERVAL, swaps::swap)) {
                List<Load> loads = List.of(first, second, third);
                for (InjectedFault fault : faults) {
                    carryOut(fault, faults.size());
                    loads.forEach(Load::requireAlive);
                }
                progress.accept("no more faults: waiting until all is at rest");
                stack.thawAll();
                awaitAllReady();
                for (Load load : loads) load.finish();
            }
            garbage.flush();
        }
        return atRest();
    }

    private void start() throws InterruptedException {
        stack.start(StackProcess.BROKER);
        stack.start(StackProcess.REGISTRY);
        stack.awaitReady(StackProcess.BROKER);
        try (Admin admin = Admin.create(Map.copyOf(stack.client()))) {
            new TopicSetup(stack.partitions(), (short) -1).ensure(admin);
        }
        stack.awaitReady(StackProcess.REGISTRY);
        for (StackProcess process : StackProcess.values())
            if (process != StackProcess.BROKER && process != StackProcess.REGISTRY) stack.start(process);
    }

    private void awaitAllReady() throws InterruptedException {
        for (StackProcess process : StackProcess.values()) stack.awaitReady(process);
    }

    private void carryOut(InjectedFault fault, int cycles) throws InterruptedException {
        Thread.sleep(fault.pause().toMillis());
        while (frozen.contains(fault.process())) Thread.sleep(100);
        stack.awaitStarted(fault.process());
        progress.accept("cycle %d/%d  %s  (%,d tweets, %,d labels so far)"
                .formatted(fault.cycle(), cycles, fault.inWords(), sent.tweets.get(), sent.labels.get()));
        if (fault.freeze().isEmpty()) {
            stack.killAndStart(fault.process());
            return;
        }
        frozen.add(fault.process());
        stack.freeze(fault.process());
        var unused = thawing.schedule(
                () -> {
                    stack.thaw(fault.process());
                    frozen.remove(fault.process());
                },
                fault.freeze().get().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Reads what has come out until it adds up, or nothing more comes. */
    private Result atRest() throws InterruptedException {
        try (Outcome outcome = new Outcome(stack.client())) {
            long lastRecord = System.nanoTime();
            while (true) {
                awaitAllReady();
                if (outcome.read()) lastRecord = System.nanoTime();
                List<String> differences = new ArrayList<>(RecordCheck.differences(sent, outcome, newLabels()));
                differences.addAll(activeModels());
                Duration silence = Duration.ofNanos(System.nanoTime() - lastRecord);
                if (silence.compareTo(differences.isEmpty() ? SETTLED : STUCK) > 0)
                    return new Result(sent, outcome, differences);
            }
        }
    }

    /** Each classifier must use the model that the topic says. */
    private List<String> activeModels() {
        String active = new ModelTopic(stack.client(), Clock.systemUTC())
                .read()
                .activation()
                .map(Activation::getVersion)
                .orElse("none");
        List<String> differences = new ArrayList<>();
        for (StackProcess classifier : List.of(StackProcess.CLASSIFIER, StackProcess.CLASSIFIER_2)) {
            String used = status(classifier).path("activeModel").asText();
            if (!used.equals(active))
                differences.add(classifier.label() + " uses the model " + used + ", but active is " + active);
        }
        return differences;
    }

    private int newLabels() {
        return status(StackProcess.TRAINER).path("newLabels").asInt();
    }

    private JsonNode status(StackProcess process) {
        try {
            return ServiceClient.json(stack.port(process), "/status");
        } catch (IOException e) {
            throw new StartFailedException(process.label() + " does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        thawing.shutdownNow();
    }
}
