// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One measurement of the whole stream: fresh topics and classifiers, which warm up with a first backlog on
 * {@code tweets.raw} and are measured with a second one; then tweets at given rates. All that came out is read as a
 * committed reader sees it, and accounted for.
 */
final class BenchRun implements AutoCloseable {
    private static final Duration STUCK = Duration.ofSeconds(60);
    private static final Duration SAMPLE = Duration.ofMillis(500);
    /** The longest that a warmed-up JVM may take to compile what it wants to. */
    private static final Duration REST_PATIENCE = Duration.ofSeconds(30);
    /** A JVM that uses less than this share of a core has compiled what it wants to. */
    private static final double AT_REST = 0.25;

    private final Bench bench;
    private final Shape shape;
    private final boolean scoring;
    private final Consumer<String> progress;
    private final BenchTopics topics;
    private final TweetSender sender;
    private final Classifiers classifiers = new Classifiers();

    /**
     * What all measurements have in common.
     *
     * @param client settings of Kafka's and the registry's clients
     * @param folder for state and logs
     * @param settings of the classifiers, beyond what the measurement needs
     */
    record Bench(
            Map<String, String> client,
            ChildProcess broker,
            Installation installation,
            Path folder,
            BenchTweets tweets,
            Map<String, String> settings) {}

    /**
     * @param scoring whether tweets are scored, or passed through
     * @param progress told what is being done
     */
    BenchRun(Bench bench, Shape shape, boolean scoring, Consumer<String> progress) {
        this.bench = bench;
        this.shape = shape;
        this.scoring = scoring;
        this.progress = progress;
        Map<String, Object> client = Map.copyOf(bench.client());
        this.topics = new BenchTopics(client);
        this.sender = new TweetSender(client, bench.tweets());
    }

    /**
     * Measures.
     *
     * @param backlog tweets that wait for the classifiers, both times
     * @param rates of the live tweets that follow, per second, once it is known how fast the backlog went
     * @param seconds how long each rate is held
     * @throws StartFailedException if a classifier ends or stands still
     */
    RunResult run(int backlog, Function<Drain, List<Integer>> rates, int seconds) throws InterruptedException {
        topics.renew(shape.partitions());
        try (StreamOutput output = new StreamOutput(Map.copyOf(bench.client()))) {
            sendBacklog(0, backlog, () -> {});
            classifiers.start(bench.installation(), shape, scoring, bench.settings(), bench.client(), bench.folder());
            awaitScored(backlog);
            Drain drain = drain(backlog, output);
            List<Delays> delays = new ArrayList<>();
            int sent = 2 * backlog;
            for (int rate : rates.apply(drain)) {
                delays.add(live(output, sent, rate, seconds));
                sent += rate * seconds;
            }
            Memory memory = classifiers.memory();
            return new RunResult(shape, scoring, drain, delays, memory, output.lost(sent));
        }
    }

    private void sendBacklog(int first, int count, TweetSender.Waiting ready) throws InterruptedException {
        progress.accept(String.format(Locale.ROOT, "%s: loading %,d tweets", shape.description(), count));
        sender.sendBacklog(first, count, ready);
    }

    private void awaitScored(int tweets) throws InterruptedException {
        long lastChange = System.nanoTime();
        for (long scored = 0; scored < tweets; Thread.sleep(SAMPLE.toMillis())) {
            long before = scored;
            scored = classifiers.scored();
            if (scored > before) lastChange = System.nanoTime();
            Duration patience = STUCK.multipliedBy(scored == 0 ? 5 : 1); // a busy machine starts JVMs slowly
            if (System.nanoTime() - lastChange > patience.toNanos())
                throw new StartFailedException("the classifiers stand still at " + scored + " of " + tweets
                        + " tweets: see their logs in " + bench.folder());
            progress.accept(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d %s",
                    shape.description(),
                    scored,
                    tweets,
                    scoring ? "scored" : "passed through"));
        }
    }

    /** Until the JVMs, which have nothing else to do, have compiled what they want to. */
    private void awaitRest() throws InterruptedException {
        progress.accept(shape.description() + ": waiting until all are at rest");
        long deadline = System.nanoTime() + REST_PATIENCE.toNanos();
        double used;
        do {
            Duration before = classifiers.cpu().plus(ProcessUsage.cpu(bench.broker()));
            long start = System.nanoTime();
            Thread.sleep(SAMPLE.toMillis());
            Duration after = classifiers.cpu().plus(ProcessUsage.cpu(bench.broker()));
            used = after.minus(before).toNanos() / (double) (System.nanoTime() - start);
        } while (used > AT_REST && System.nanoTime() < deadline);
    }

    /** The second backlog, which finds the classifiers warm. */
    private Drain drain(int backlog, StreamOutput output) throws InterruptedException {
        sendBacklog(backlog, backlog, this::awaitRest);
        Duration classifiersBefore = classifiers.cpu();
        Duration brokerBefore = ProcessUsage.cpu(bench.broker());
        awaitScored(2 * backlog);
        double classifierMicros = micros(classifiers.cpu().minus(classifiersBefore)) / backlog;
        double brokerMicros = micros(ProcessUsage.cpu(bench.broker()).minus(brokerBefore)) / backlog;

        long[] times = new long[2 * backlog];
        output.readScored(times.length, (number, at) -> times[number] = at);
        Arrays.sort(times, backlog, times.length);
        long last = times[times.length - 1];
        long lastWindow = output.awaitWindows(times.length);
        return new Drain(
                backlog,
                1000.0 * (backlog - 1) / Math.max(1, last - times[backlog]),
                Math.max(0, lastWindow - last) / 1000.0,
                classifierMicros,
                brokerMicros,
                topics.bytes(Topics.RAW) / (double) times.length,
                topics.bytes(Topics.SCORED) / (double) times.length);
    }

    /** Sends at a steady rate, whatever comes back, and sees each tweet come out. */
    private Delays live(StreamOutput output, int first, int rate, int seconds) throws InterruptedException {
        int count = rate * seconds;
        long[] appended = new long[count];
        long[] seen = new long[count];
        try (var consumer = output.reader(Topics.SCORED)) {
            consumer.seekToEnd(consumer.assignment());
            consumer.assignment().forEach(consumer::position);
            Thread thread = new Thread(() -> sender.sendLive(first, rate, appended), "sender");
            thread.start();
            int arrived = 0;
            long lastRecord = System.nanoTime();
            long nextProgress = 0;
            while (arrived < count) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    int index = BenchTweets.number(record.key()) - first;
                    if (seen[index] == 0) arrived++;
                    seen[index] = System.currentTimeMillis();
                    lastRecord = System.nanoTime();
                }
                if (System.nanoTime() - lastRecord > STUCK.toNanos())
                    throw new StartFailedException(
                            "of " + count + " tweets at " + rate + " per second only " + arrived + " came out");
                if (System.nanoTime() > nextProgress) {
                    nextProgress = System.nanoTime() + SAMPLE.toNanos();
                    classifiers.scored(); // fails if one has ended
                    progress.accept(String.format(
                            Locale.ROOT, "%s: %,d of %,d at %,d a second", shape.description(), arrived, count, rate));
                }
            }
            thread.join();
        }
        for (int i = 0; i < count; i++)
            if (appended[i] <= 0)
                throw new StartFailedException(
                        "tweet " + i + " at " + rate + " per second was not appended: see the broker's log");
        return Delays.of(rate, appended, seen);
    }

    private static double micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }

    @Override
    public void close() {
        classifiers.close();
    }
}
