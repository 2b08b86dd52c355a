// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * One measurement of the whole stream: fresh topics and classifiers, which warm up with a first backlog on
 * {@code tweets.raw} and are measured with a second one; then tweets at given rates. All that came out is read as any
 * committed reader sees it, and accounted for.
 */
final class BenchRun implements AutoCloseable {
    private static final Duration STUCK = Duration.ofSeconds(60);
    private static final Duration SAMPLE = Duration.ofMillis(500);
    /** Who uses less of a core has compiled what it wanted to. */
    private static final double AT_REST = 0.25;
    /** Of a rate's seconds, so many do not count. */
    private static final double WARM_UP = 0.5;
    /** The preloaded tweets were written so close to each other, as if the whole of X had come in. */
    private static final int WRITTEN_A_SECOND = 6_000;

    /**
     * How the stream is laid out.
     *
     * @param partitions of the topics, at least as many as instances
     * @param instances classifiers, each a JVM
     */
    record Shape(int partitions, int instances) {
        /** Stream threads of each instance. */
        int threads() {
            return (partitions + instances - 1) / instances;
        }
    }

    /**
     * How fast a backlog was worked off.
     *
     * @param perSecond tweets that came out on {@code tweets.scored} a second, by the broker's clock
     * @param countedSeconds how long after the last tweet the last of its windows came out
     * @param classifierMicros CPU time of all classifiers, µs a tweet
     * @param brokerMicros that of the broker
     * @param rawBytes what a tweet takes on {@code tweets.raw}
     * @param scoredBytes what it takes on {@code tweets.scored}
     */
    record Drain(
            long tweets,
            double perSecond,
            double countedSeconds,
            double classifierMicros,
            double brokerMicros,
            double rawBytes,
            double scoredBytes) {}

    /**
     * How long tweets took from their append to {@code tweets.raw} until a committed reader had them, ms, without the
     * first half.
     *
     * @param rate tweets a second that were to be sent
     * @param sent tweets a second that were appended
     */
    record Delays(int rate, double sent, long p50, long p99, long p999, long max) {}

    /**
     * What the largest classifier used, bytes.
     *
     * @param heap used, as it last was
     * @param committedHeap what the JVM took for it
     * @param other committed by the JVM beside the heap: classes, code
     * @param resident all that the process has in memory, at most
     */
    record Memory(long heap, long committedHeap, long other, long resident) {}

    /** @param lost what is missing, doubled or not counted, in sentences; empty if all is well */
    record Result(Shape shape, boolean scoring, Drain drain, List<Delays> delays, Memory memory, List<String> lost) {}

    private final Map<String, Object> client;
    private final ChildProcess broker;
    private final Installation installation;
    private final Path folder;
    private final BenchTweets tweets;
    private final Shape shape;
    private final boolean scoring;
    private final Map<String, String> settings;
    private final Consumer<String> progress;
    private final List<Service> classifiers = new ArrayList<>();
    private final Map<String, SentimentWindow> windows = new HashMap<>();
    private final AvroSerializer<Tweet> serializer;
    private final AvroDeserializer<SentimentWindow> windowReader;
    private long resident;

    /**
     * @param folder for state and logs
     * @param settings of the classifiers, beyond what the measurement needs
     * @param progress told what is being done
     */
    BenchRun(
            Map<String, String> client,
            ChildProcess broker,
            Installation installation,
            Path folder,
            BenchTweets tweets,
            Shape shape,
            boolean scoring,
            Map<String, String> settings,
            Consumer<String> progress) {
        this.client = Map.copyOf(client);
        this.broker = broker;
        this.installation = installation;
        this.folder = folder;
        this.tweets = tweets;
        this.shape = shape;
        this.scoring = scoring;
        this.settings = settings;
        this.progress = progress;
        SchemaIds ids = SchemaIds.ofRegistry(client);
        serializer = new AvroSerializer<>(ids);
        windowReader = new AvroDeserializer<>(SentimentWindow.class, ids);
    }

    /**
     * @param backlog tweets that wait for the classifiers, both times
     * @param rates of the live tweets that follow, a second, once it is known how fast the backlog went
     * @param seconds how long each rate is held
     * @throws StartFailedException if a classifier ends or stands still
     */
    Result run(int backlog, Function<Drain, List<Integer>> rates, int seconds) throws InterruptedException {
        freshTopics();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        with(Map.of("linger.ms", 5, "batch.size", 128 * 1024, "acks", "all")),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<String, byte[]> windowConsumer = reader(Topics.WINDOWS)) {
            load(0, backlog, () -> {});
            startClassifiers();
            awaitScored(backlog);
            Drain drain = drain(backlog, windowConsumer);
            List<Delays> delays = new ArrayList<>();
            int sent = 2 * backlog;
            for (int rate : rates.apply(drain)) {
                delays.add(live(producer, sent, rate, seconds));
                sent += rate * seconds;
            }
            Memory memory = memory();
            List<String> lost = lost(sent, windowConsumer);
            return new Result(shape, scoring, drain, delays, memory, lost);
        }
    }

    /** Nothing of an earlier measurement is left but the models. */
    private void freshTopics() throws InterruptedException {
        List<String> streams = Topics.all().stream()
                .filter(topic -> topic != Topics.MODELS)
                .map(Topic::name)
                .toList();
        try (Admin admin = Admin.create(client)) {
            Set<String> names = admin.listTopics().names().get();
            admin.deleteTopics(names.stream()
                            .filter(name -> streams.contains(name) || name.startsWith("bench-"))
                            .toList())
                    .all()
                    .get();
            for (long deadline = System.nanoTime() + STUCK.toNanos();
                    admin.listTopics().names().get().stream().anyMatch(streams::contains);
                    Thread.sleep(100))
                if (System.nanoTime() > deadline)
                    throw new StartFailedException("the broker does not delete the topics of an earlier measurement");
            new TopicSetup(shape.partitions(), (short) -1).ensure(admin);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }

    /**
     * Puts tweets on {@code tweets.raw} in one transaction, so that classifiers, which read what is committed, see none
     * before all are there and {@code ready} is over.
     */
    private void load(int first, int count, Waiting ready) throws InterruptedException {
        progress.accept(String.format(Locale.ROOT, "%s: loading %,d tweets", this, count));
        Map<String, Object> settings = Map.of(
                "linger.ms",
                5,
                "batch.size",
                128 * 1024,
                "transactional.id",
                "bench-load",
                "transaction.timeout.ms",
                900_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(with(settings), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            Instant now = Instant.now();
            for (int i = 0; i < count; i++)
                producer.send(record(first + i, now.minusMillis((count - i) * 1000L / WRITTEN_A_SECOND)));
            producer.flush();
            ready.await();
            producer.commitTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> record(int number, Instant createdAt) {
        Tweet tweet = tweets.tweet(number, createdAt);
        return new ProducerRecord<>(
                Topics.RAW.name(),
                tweet.getId().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(Topics.RAW.name(), tweet));
    }

    private void startClassifiers() {
        String application = "bench-" + Long.toString(System.nanoTime(), 36);
        for (int i = 1; i <= shape.instances(); i++) {
            Map<String, String> all = new LinkedHashMap<>(Map.of(
                    "deeptweet.application-id", application,
                    "deeptweet.topics.partitions", "" + shape.partitions(),
                    "deeptweet.threads", "" + shape.threads(),
                    "deeptweet.scoring", "" + scoring,
                    "deeptweet.state-dir", folder.resolve(application + "-" + i).toString()));
            all.putAll(settings);
            classifiers.add(Service.start(
                    "classifier-" + i,
                    installation.service("classifier-stream"),
                    Ports.free(),
                    Service.CLASSIFIER,
                    all,
                    Up.environment(texts(client)),
                    folder));
        }
    }

    private void awaitScored(int tweets) throws InterruptedException {
        long lastNews = System.nanoTime();
        for (long scored = 0; scored < tweets; Thread.sleep(SAMPLE.toMillis())) {
            long before = scored;
            scored = scored();
            if (scored > before) lastNews = System.nanoTime();
            if (System.nanoTime() - lastNews
                    > STUCK.multipliedBy(scored == 0 ? 5 : 1).toNanos()) // a busy machine starts JVMs slowly
            throw new StartFailedException("the classifiers stand still at " + scored + " of " + tweets
                    + " tweets: see their logs in " + folder);
            progress.accept(String.format(
                    Locale.ROOT, "%s: %,d of %,d %s", this, scored, tweets, scoring ? "scored" : "passed through"));
        }
    }

    /** Until the JVMs, which have nothing else to do, have compiled what they wanted to; half a minute at most. */
    private void awaitRest() throws InterruptedException {
        progress.accept(this + ": waiting until all are at rest");
        long deadline = System.nanoTime() + STUCK.toNanos() / 2;
        double used;
        do {
            Duration before = classifiersCpu().plus(cpu(broker));
            long start = System.nanoTime();
            Thread.sleep(SAMPLE.toMillis());
            used = classifiersCpu().plus(cpu(broker)).minus(before).toNanos() / (double) (System.nanoTime() - start);
        } while (used > AT_REST && System.nanoTime() < deadline);
    }

    /** The second backlog, which finds the classifiers warm. */
    private Drain drain(int backlog, KafkaConsumer<String, byte[]> windowConsumer) throws InterruptedException {
        load(backlog, backlog, this::awaitRest);
        Duration classifiersBefore = classifiersCpu();
        Duration brokerBefore = cpu(broker);
        awaitScored(2 * backlog);
        double classifierMicros = micros(classifiersCpu().minus(classifiersBefore)) / backlog;
        double brokerMicros = micros(cpu(broker).minus(brokerBefore)) / backlog;

        long[] times = new long[2 * backlog];
        readScored(times.length, (number, at) -> times[number] = at);
        Arrays.sort(times, backlog, times.length);
        long last = times[times.length - 1];
        long lastWindow = awaitWindows(times.length, windowConsumer);
        return new Drain(
                backlog,
                1000.0 * (backlog - 1) / Math.max(1, last - times[backlog]),
                Math.max(0, lastWindow - last) / 1000.0,
                classifierMicros,
                brokerMicros,
                bytes(Topics.RAW) / (double) times.length,
                bytes(Topics.SCORED) / (double) times.length);
    }

    private long bytes(Topic topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(topic.name()))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /** Sends at a steady rate, whatever comes back, and sees each tweet come out. */
    private Delays live(KafkaProducer<byte[], byte[]> producer, int first, int rate, int seconds)
            throws InterruptedException {
        int count = rate * seconds;
        long[] appended = new long[count];
        long[] seen = new long[count];
        try (KafkaConsumer<String, byte[]> consumer = reader(Topics.SCORED)) {
            consumer.seekToEnd(consumer.assignment());
            consumer.assignment().forEach(consumer::position);
            Thread sender = new Thread(
                    () -> {
                        long start = System.nanoTime();
                        for (int i = 0; i < count; ) {
                            long due = Math.min(count, (System.nanoTime() - start) * rate / 1_000_000_000L + 1);
                            for (; i < due; i++) {
                                int index = i;
                                producer.send(
                                        record(first + i, Instant.now()),
                                        (metadata, failure) ->
                                                appended[index] = failure == null ? metadata.timestamp() : -1);
                            }
                            LockSupport.parkNanos(1_000_000);
                        }
                        producer.flush();
                    },
                    "sender");
            sender.start();
            int arrived = 0;
            long lastNews = System.nanoTime();
            long nextWord = 0;
            while (arrived < count) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    int index = BenchTweets.number(record.key()) - first;
                    if (seen[index] == 0) arrived++;
                    seen[index] = System.currentTimeMillis();
                    lastNews = System.nanoTime();
                }
                if (System.nanoTime() - lastNews > STUCK.toNanos())
                    throw new StartFailedException(
                            "of " + count + " tweets at " + rate + " a second only " + arrived + " came out");
                if (System.nanoTime() > nextWord) {
                    nextWord = System.nanoTime() + SAMPLE.toNanos();
                    scored(); // which also looks after the classifiers
                    progress.accept(
                            String.format(Locale.ROOT, "%s: %,d of %,d at %,d a second", this, arrived, count, rate));
                }
            }
            sender.join();
        }
        int from = (int) (count * WARM_UP);
        for (int i = 0; i < count; i++)
            if (appended[i] <= 0)
                throw new StartFailedException(
                        "tweet " + i + " at " + rate + " a second was not appended: see the broker's log");
        long[] delays = LongStream.range(from, count)
                .map(i -> seen[(int) i] - appended[(int) i])
                .sorted()
                .toArray();
        long first1 = Arrays.stream(appended, from, count).min().orElseThrow();
        long last = Arrays.stream(appended, from, count).max().orElseThrow();
        return new Delays(
                rate,
                1000.0 * (count - from) / Math.max(1, last - first1),
                quantile(delays, 0.5),
                quantile(delays, 0.99),
                quantile(delays, 0.999),
                delays[delays.length - 1]);
    }

    private static long quantile(long[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
    }

    /** Scored by all classifiers so far; fails if one has ended, and notes their memory. */
    private long scored() {
        long scored = 0;
        for (Service classifier : classifiers) {
            if (!classifier.process().isAlive())
                throw new StartFailedException("a classifier ended by itself: see its log, "
                        + classifier.process().log());
            resident = Math.max(resident, resident(classifier.process().pid()));
            try {
                scored += new ObjectMapper()
                        .readTree(Service.get(classifier.port(), "/status").body())
                        .path("scored")
                        .asLong();
            } catch (IOException e) {
                // not up yet
            }
        }
        return scored;
    }

    private Memory memory() {
        long heap = 0;
        long committed = 0;
        long other = 0;
        for (Service classifier : classifiers) {
            try {
                String metrics = Service.get(classifier.port(), "/q/metrics").body();
                heap = Math.max(heap, sum(metrics, "jvm_memory_used_bytes{area=\"heap\""));
                committed = Math.max(committed, sum(metrics, "jvm_memory_committed_bytes{area=\"heap\""));
                other = Math.max(other, sum(metrics, "jvm_memory_committed_bytes{area=\"nonheap\""));
            } catch (IOException e) {
                throw new StartFailedException("a classifier does not answer: " + e.getMessage(), e);
            }
            resident = Math.max(resident, resident(classifier.process().pid()));
        }
        return new Memory(heap, committed, other, resident);
    }

    private static long sum(String metrics, String prefix) {
        return (long) metrics.lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * Bytes of a process in memory: the most there were where Linux says so, or those of just now; 0 if nobody knows.
     */
    private static long resident(long pid) {
        try {
            Path status = Path.of("/proc/" + pid + "/status");
            if (Files.exists(status))
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0);
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            return 1024
                    * Long.parseLong(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** What did not come out once, and what the windows did not count. */
    private List<String> lost(int sent, KafkaConsumer<String, byte[]> windowConsumer) {
        List<String> lost = new ArrayList<>();
        BitSet ids = new BitSet(sent);
        long[] records = new long[1];
        readScored(sent, (number, at) -> {
            ids.set(number);
            records[0]++;
        });
        if (ids.cardinality() != sent) lost.add(sent - ids.cardinality() + " of " + sent + " tweets did not come out");
        if (records[0] != ids.cardinality()) lost.add(records[0] - ids.cardinality() + " tweets came out twice");
        awaitWindows(sent, windowConsumer);
        counted().forEach((size, count) -> {
            if (count != sent)
                lost.add("the windows of " + Printable.brief(size) + " count " + count + " of " + sent + " tweets");
        });
        return lost;
    }

    private Map<Duration, Long> counted() {
        Map<Duration, Long> counted = new TreeMap<>();
        windows.values()
                .forEach(window -> counted.merge(
                        Duration.between(window.getStart(), window.getEnd()), window.getCount(), Long::sum));
        return counted;
    }

    /**
     * Reads on until every size of window counts so many tweets, or nothing comes any more; the time of the last
     * record.
     */
    private long awaitWindows(int tweets, KafkaConsumer<String, byte[]> consumer) {
        long last = 0;
        for (long lastNews = System.nanoTime(); System.nanoTime() - lastNews < STUCK.toNanos() / 4; ) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                windows.put(record.key(), windowReader.deserialize(record.topic(), record.value()));
                last = Math.max(last, record.timestamp());
                lastNews = System.nanoTime();
            }
            Map<Duration, Long> counted = counted();
            if (!counted.isEmpty() && counted.values().stream().allMatch(count -> count == tweets)) break;
        }
        return last;
    }

    private interface Scored {
        void at(int number, long timestamp);
    }

    /** Reads all of {@code tweets.scored}, waiting for as many as there must be. */
    private void readScored(int expected, Scored each) {
        try (KafkaConsumer<String, byte[]> consumer = reader(Topics.SCORED)) {
            int read = 0;
            for (long lastNews = System.nanoTime();
                    System.nanoTime() - lastNews < STUCK.toNanos() / (read < expected ? 4 : 60); ) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    each.at(BenchTweets.number(record.key()), record.timestamp());
                    read++;
                    lastNews = System.nanoTime();
                }
            }
        }
    }

    /** A committed reader of a whole topic, from its beginning. */
    private KafkaConsumer<String, byte[]> reader(Topic topic) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                with(Map.of(
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        return consumer;
    }

    private Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(client);
        all.putAll(more);
        return all;
    }

    private static Map<String, String> texts(Map<String, Object> client) {
        Map<String, String> texts = new HashMap<>();
        client.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    private Duration classifiersCpu() {
        return classifiers.stream().map(service -> cpu(service.process())).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration cpu(ChildProcess process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static double micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d × %d threads",
                BenchReport.plural(shape.partitions(), "partition"),
                shape.instances(),
                shape.threads());
    }

    @Override
    public void close() {
        classifiers.forEach(Service::close);
    }
}
