// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Shows scored tweets, rejections and windows as they come, not more of them than one can read, and counts them all. It
 * sees what was written after it was made.
 */
final class Watch implements AutoCloseable {
    private static final int LINES_A_SECOND = 10;
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** A window that has not changed for so long is shown; another tweet for it shows it again. */
    private static final Duration QUIET = Duration.ofSeconds(3);
    /** Nothing new for so long, though the sums do not add up, means that they never will. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private final PrintWriter out;
    private final boolean quiet;
    private final Optional<Account> account;
    private final Consumer<String, byte[]> consumer;
    /** The ends of the windows' partitions when the watch was made: what stood before them is not news. */
    private final Map<TopicPartition, Long> ends;

    private final AvroDeserializer<ScoredTweet> tweets;
    private final AvroDeserializer<SentimentWindow> windows;

    private final Set<String> ids = new HashSet<>();
    private final Map<String, Long> scoredBy = new TreeMap<>();
    private final Map<String, Long> rejectedFor = new TreeMap<>();
    private final Map<String, SentimentWindow> before = new HashMap<>();
    private final Map<String, SentimentWindow> lastOfKey = new HashMap<>();
    private final Map<String, Changed> unshown = new LinkedHashMap<>();
    private long scored;
    private long positive;
    private long rejected;
    private int shown;
    private long hidden;

    /**
     * What is to be accounted for.
     *
     * @param feed the feed that is replayed; what else there is is shown, not counted
     * @param ingestPort where ingest says how far it is
     */
    record Account(String feed, int ingestPort) {}

    private record Changed(SentimentWindow window, long nanoTime) {}

    /** Asked every second; throws to end the watch. */
    interface Check {
        void run();
    }

    Watch(Map<String, Object> client, PrintWriter out, boolean quiet, Optional<Account> account) {
        this.account = account;
        this.out = out;
        this.quiet = quiet;
        SchemaIds ids = SchemaIds.ofRegistry(client);
        tweets = new AvroDeserializer<>(ScoredTweet.class, ids);
        windows = new AvroDeserializer<>(SentimentWindow.class, ids);
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(Topics.SCORED, Topics.WINDOWS, Topics.REJECTED)
                .flatMap(topic -> consumer.partitionsFor(topic.name()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition())))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // now, not at the first poll
        List<TopicPartition> windowed = partitions.stream()
                .filter(partition -> partition.topic().equals(Topics.WINDOWS.name()))
                .toList();
        ends = consumer.endOffsets(windowed);
        // A window that is there already counts tweets of earlier replays too: what it grows by is what counts.
        if (account.isPresent()) consumer.seekToBeginning(windowed);
    }

    /**
     * Watches until the thread is interrupted or until the feed to be accounted for is done.
     *
     * @return 0, or 1 if the feed failed or the sums do not add up
     */
    int run(Check check) throws InterruptedException {
        long lastNews = System.nanoTime();
        long nextSecond = lastNews;
        while (!Thread.currentThread().isInterrupted()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                take(record);
                lastNews = System.nanoTime();
            }
            if (System.nanoTime() < nextSecond) continue;
            nextSecond = System.nanoTime() + SECOND.toNanos();
            check.run();
            everySecond();
            if (account.isPresent()) {
                Optional<Integer> code = done(account.get(), System.nanoTime() - lastNews > STUCK.toNanos());
                if (code.isPresent()) return code.get();
            }
        }
        return 0;
    }

    private boolean counts(String feed) {
        return account.filter(counted -> counted.feed().equals(feed)).isPresent();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.SCORED.name())) {
            ScoredTweet tweet = tweets.deserialize(record.topic(), record.value());
            if (counts(tweet.getFeed())) {
                scored++;
                if (tweet.getSentiment() == Sentiment.POSITIVE) positive++;
                scoredBy.merge(tweet.getModelVersion(), 1L, Long::sum);
                ids.add(tweet.getId());
            }
            show("scored    " + Printable.of(tweet));
        } else if (record.topic().equals(Topics.WINDOWS.name())) {
            SentimentWindow window = windows.deserialize(record.topic(), record.value());
            boolean isNews = record.offset() >= ends.get(new TopicPartition(record.topic(), record.partition()));
            if (counts(window.getFeed())) (isNews ? lastOfKey : before).put(record.key(), window);
            if (!isNews) return;
            unshown.remove(record.key());
            unshown.put(record.key(), new Changed(window, System.nanoTime()));
        } else {
            Optional<Rejection> rejection = Rejection.readFrom(record.headers());
            // What ingest rejects has its feed for a key.
            if (counts(record.key())) {
                rejected++;
                rejectedFor.merge(rejection.map(found -> found.reason().code()).orElse("unknown"), 1L, Long::sum);
            }
            show("rejected  "
                    + rejection
                            .map(found -> found.origin() + "  " + Printable.harmless(found.detail()))
                            .orElse("without a reason"));
        }
    }

    private void show(String line) {
        if (quiet) return;
        if (shown++ < LINES_A_SECOND) out.println(line);
        else hidden++;
    }

    private void everySecond() {
        if (hidden > 0) out.printf(Locale.ROOT, "          … and %,d more%n", hidden);
        shown = 0;
        hidden = 0;
        long now = System.nanoTime();
        int lines = 0;
        for (var entries = unshown.entrySet().iterator(); entries.hasNext(); ) {
            Changed changed = entries.next().getValue();
            if (now - changed.nanoTime() < QUIET.toNanos()) continue;
            entries.remove();
            if (!quiet && lines++ < LINES_A_SECOND / 2) out.println("window    " + Printable.of(changed.window()));
        }
        out.flush();
    }

    /** The exit code, once the feed is done and all that it published is scored and counted, or will never be. */
    private Optional<Integer> done(Account account, boolean stuck) {
        long published = 0;
        long read = 0;
        long filtered = 0;
        long refused = 0;
        boolean running = false;
        String failure = "";
        try {
            for (JsonNode feed : new ObjectMapper()
                    .readTree(Service.get(account.ingestPort(), "/feeds").body())) {
                if (!feed.path("feed").asText().equals(account.feed())) continue;
                running = feed.path("state").asText().equals("running");
                if (feed.path("state").asText().equals("failed"))
                    failure = feed.path("detail").asText();
                read = feed.path("read").asLong();
                published = feed.path("published").asLong();
                filtered = feed.path("filtered").asLong();
                refused = feed.path("rejected").asLong();
            }
        } catch (IOException e) {
            return Optional.empty(); // asked again in a second
        }
        Map<Duration, Long> counted = new TreeMap<>();
        lastOfKey.forEach((key, window) -> counted.merge(
                Duration.between(window.getStart(), window.getEnd()),
                window.getCount()
                        - Optional.ofNullable(before.get(key))
                                .map(SentimentWindow::getCount)
                                .orElse(0L),
                Long::sum));
        long all = scored;
        boolean complete = scored == published
                && rejected == refused
                && (scored == 0 || !counted.isEmpty())
                && counted.values().stream().allMatch(count -> count == all);
        if (failure.isEmpty() && (running || (!complete && !stuck))) return Optional.empty();

        out.printf(
                Locale.ROOT,
                "%nread        %,d%npublished   %,d%nfiltered    %,d by language%nrejected    %,d %s%n",
                read,
                published,
                filtered,
                rejected,
                rejected == 0 ? "" : rejectedFor);
        out.printf(
                Locale.ROOT,
                "scored      %,d, each id once: %s; %,d positive, %,d negative; by %s%n",
                scored,
                ids.size() == scored ? "yes" : "no, " + ids.size() + " ids",
                positive,
                scored - positive,
                scoredBy);
        counted.forEach((size, count) ->
                out.printf(Locale.ROOT, "windows %-4s%,d tweets counted%n", Printable.brief(size), count));
        if (!failure.isEmpty()) out.println("the feed failed: " + failure);
        out.flush();
        return Optional.of(complete && failure.isEmpty() && read == published + filtered + refused ? 0 : 1);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
