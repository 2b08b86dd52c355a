// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** One run: starts the stack, strikes it under load, lets it come to rest, and accounts for every record. */
final class TortureRun implements AutoCloseable {
    /** If nothing has come for so long, and the accounts do not add up, they never will. */
    private static final Duration STUCK = Duration.ofSeconds(90);
    /** If nothing has come for so long, and the accounts add up, nothing will come too much. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    /** From so many cycles on, faster starts are worth the time that it takes to prepare them. */
    private static final int WORTH_CLASS_DATA = 20;

    private final TortureStack stack;
    private final int rate;
    private final Consumer<String> progress;
    private final Ledger ledger = new Ledger();
    private final Set<Victim> frozen = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thawing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "thaw");
        thread.setDaemon(true);
        return thread;
    });

    /** @param rate tweets per second */
    TortureRun(TortureStack stack, int rate, Consumer<String> progress) {
        this.stack = stack;
        this.rate = rate;
        this.progress = progress;
    }

    /**
     * What a run did.
     *
     * @param differences what is not as it must be, in sentences; empty if all is well
     */
    record Result(Ledger ledger, Outcome outcome, List<String> differences) {}

    /** Runs the cycles, and returns what differs in the end. */
    Result run(List<Strike> strikes) throws InterruptedException {
        start();
        ModelSwaps swaps = new ModelSwaps(stack.client(), ledger);
        swaps.publish();
        awaitAllReady();
        if (strikes.size() >= WORTH_CLASS_DATA) stack.keepClassData();
        try (Garbage garbage = new Garbage(stack.client())) {
            TweetLoad tweets = new TweetLoad(stack, ledger, garbage, rate);
            LabelLoad labels = new LabelLoad(stack, ledger, garbage);
            try (Load first = new Load("load of tweets", TweetLoad.INTERVAL, tweets::send);
                    Load second = new Load("load of labels", LabelLoad.INTERVAL, labels::send);
                    Load third = new Load("swaps of models", ModelSwaps.INTERVAL, swaps::swap)) {
                List<Load> loads = List.of(first, second, third);
                for (Strike strike : strikes) {
                    carryOut(strike, strikes.size());
                    loads.forEach(Load::requireAlive);
                }
                progress.accept("no more strikes: waiting until all is at rest");
                stack.thawAll();
                awaitAllReady();
                for (Load load : loads) load.finish();
            }
            garbage.flush();
        }
        return atRest();
    }

    private void start() throws InterruptedException {
        stack.start(Victim.BROKER);
        stack.start(Victim.REGISTRY);
        stack.awaitReady(Victim.BROKER);
        try (Admin admin = Admin.create(Map.copyOf(stack.client()))) {
            new TopicSetup(stack.partitions(), (short) -1).ensure(admin);
        }
        stack.awaitReady(Victim.REGISTRY);
        for (Victim victim : Victim.values())
            if (victim != Victim.BROKER && victim != Victim.REGISTRY) stack.start(victim);
    }

    private void awaitAllReady() throws InterruptedException {
        for (Victim victim : Victim.values()) stack.awaitReady(victim);
    }

    private void carryOut(Strike strike, int cycles) throws InterruptedException {
        Thread.sleep(strike.pause().toMillis());
        while (frozen.contains(strike.victim())) Thread.sleep(100);
        stack.awaitStarted(strike.victim());
        progress.accept("cycle %d/%d  %s  (%,d tweets, %,d labels so far)"
                .formatted(strike.cycle(), cycles, strike.inWords(), ledger.tweets.get(), ledger.labels.get()));
        if (strike.freeze().isEmpty()) {
            stack.killAndStart(strike.victim());
            return;
        }
        frozen.add(strike.victim());
        stack.freeze(strike.victim());
        var unused = thawing.schedule(
                () -> {
                    stack.thaw(strike.victim());
                    frozen.remove(strike.victim());
                },
                strike.freeze().get().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Reads what has come out until it adds up, or nothing more comes. */
    private Result atRest() throws InterruptedException {
        Outcome outcome = new Outcome(stack.client());
        long lastRecord = System.nanoTime();
        while (true) {
            awaitAllReady();
            if (outcome.read()) lastRecord = System.nanoTime();
            List<String> differences = new ArrayList<>(Accounts.differences(ledger, outcome, newLabels()));
            differences.addAll(activeModels());
            Duration silence = Duration.ofNanos(System.nanoTime() - lastRecord);
            if (silence.compareTo(differences.isEmpty() ? SETTLED : STUCK) > 0)
                return new Result(ledger, outcome, differences);
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
        for (Victim classifier : List.of(Victim.CLASSIFIER, Victim.CLASSIFIER_2)) {
            String its = status(classifier).path("activeModel").asText();
            if (!its.equals(active))
                differences.add(classifier.label() + " uses the model " + its + ", but active is " + active);
        }
        return differences;
    }

    private int newLabels() {
        return status(Victim.TRAINER).path("newLabels").asInt();
    }

    private JsonNode status(Victim victim) {
        try {
            return new ObjectMapper()
                    .readTree(ServiceClient.get(stack.port(victim), "/status").body());
        } catch (IOException e) {
            throw new StartFailedException(victim.label() + " does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        thawing.shutdownNow();
    }
}
