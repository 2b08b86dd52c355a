// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.record.RecordLine;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads scored tweets, rejections and windows as they come, shows them, and counts those of the feed that is replayed.
 * It sees what is written after it was made.
 */
final class StreamWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** If nothing has come for so long, and the sums do not add up, they never will. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private final PrintWriter out;
    private final LiveLines lines;
    private final Optional<FeedTotals> totals;
    /** The feed that is replayed, until it is known whether an earlier start has published a part of it. */
    private Optional<String> starting;

    private final Optional<LiveProgress> progress;
    private final Consumer<String, byte[]> consumer;
    /** Where the windows ended when the watch was made. */
    private final Map<TopicPartition, Long> windowEnds;

    private final AvroDeserializer<ScoredTweet> tweets;
    private final AvroDeserializer<SentimentWindow> windows;

    /**
     * @param client client settings
     * @param feed the feed that is replayed, if one is
     * @param live the feed of a live source, if there is one
     * @param totals counts the feed, if that is wanted
     */
    StreamWatch(
            Map<String, ?> client,
            PrintWriter out,
            boolean quiet,
            Optional<String> feed,
            Optional<String> live,
            Optional<FeedTotals> totals) {
        this.starting = feed;
        this.progress = live.map(name -> new LiveProgress(name, out));
        this.out = out;
        this.lines = new LiveLines(out, quiet);
        this.totals = totals;
        SchemaIds ids = SchemaIds.ofRegistry(client);
        tweets = new AvroDeserializer<>(ScoredTweet.class, ids);
        windows = new AvroDeserializer<>(SentimentWindow.class, ids);
        consumer = new KafkaConsumer<>(
                CommittedReader.settings(client), new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(Topics.SCORED, Topics.WINDOWS, Topics.REJECTED)
                .flatMap(topic -> CommittedReader.partitions(consumer, topic).stream())
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // now, not at the first poll
        List<TopicPartition> windowPartitions = partitions.stream()
                .filter(partition -> partition.topic().equals(Topics.WINDOWS.name()))
                .toList();
        windowEnds = consumer.endOffsets(windowPartitions);
        // A window that exists already also counts tweets of earlier replays: what it grows by is what counts.
        if (totals.isPresent()) consumer.seekToBeginning(windowPartitions);
    }

    /**
     * Watches until the thread is interrupted or until the counted feed is done.
     *
     * @param check asked every second; throws to end the watch
     * @param ingestPort where ingest tells how far it is
     * @param classifierPorts where classifiers tell how many duplicates they have dropped
     * @return 0, or 1 if the feed failed or the sums do not add up
     */
    int run(Runnable check, int ingestPort, List<Integer> classifierPorts) {
        long lastRecord = System.nanoTime();
        long nextSecond = lastRecord;
        while (!Thread.currentThread().isInterrupted()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                take(record);
                lastRecord = System.nanoTime();
            }
            if (System.nanoTime() < nextSecond) continue;
            nextSecond = System.nanoTime() + SECOND.toNanos();
            check.run();
            tellResumed(ingestPort);
            lines.everySecond();
            progress.ifPresent(feed -> feed.everySecond(ingestPort));
            boolean stuck = System.nanoTime() - lastRecord > STUCK.toNanos();
            Optional<Integer> code = totals.flatMap(counted -> end(counted, ingestPort, classifierPorts, stuck));
            if (code.isPresent()) return code.get();
        }
        return 0;
    }

    /** Says once that the feed does not start at its beginning. */
    private void tellResumed(int ingestPort) {
        Optional<FeedProgress> answer = starting.flatMap(feed -> FeedProgress.of(ingestPort, feed));
        if (answer.isEmpty()) return;
        FeedProgress progress = answer.get();
        if (!progress.resumedAfter().isEmpty())
            out.printf(
                    "feed        %s continues after %s of an earlier start; --from-beginning replays them%n",
                    starting.get(), UntrustedText.oneLine(progress.resumedAfter()));
        boolean hasStarted = !progress.resumedAfter().isEmpty() || progress.read() > 0 || !progress.running();
        if (hasStarted) starting = Optional.empty();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.SCORED.name())) {
            ScoredTweet tweet = tweets.deserialize(record.topic(), record.value());
            totals.ifPresent(counted -> counted.add(tweet));
            lines.line("scored    " + RecordLine.of(tweet));
        } else if (record.topic().equals(Topics.WINDOWS.name())) {
            take(record, windows.deserialize(record.topic(), record.value()));
        } else {
            Optional<Rejection> rejection = Rejection.readFrom(record.headers());
            totals.ifPresent(counted -> counted.addRejected(record.key(), rejection));
            lines.line("rejected  "
                    + rejection
                            .map(found -> UntrustedText.oneLine(found.origin() + "  " + found.detail()))
                            .orElse("without a reason"));
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, SentimentWindow window) {
        if (record.offset() < windowEnds.get(new TopicPartition(record.topic(), record.partition()))) {
            totals.ifPresent(counted -> counted.addEarlier(record.key(), window));
        } else {
            totals.ifPresent(counted -> counted.add(record.key(), window));
            lines.window(record.key(), window);
        }
    }

    /** The exit code, once the feed is done and all that it published is scored and counted, or never will be. */
    private Optional<Integer> end(FeedTotals counted, int ingestPort, List<Integer> classifierPorts, boolean stuck) {
        Optional<FeedProgress> answer = FeedProgress.of(ingestPort, counted.feed());
        if (answer.isEmpty()) return Optional.empty(); // asked again in a second
        FeedProgress progress = answer.get();
        boolean failed = !progress.failure().isEmpty();
        if (!failed && progress.running()) return Optional.empty();
        long duplicates =
                classifierPorts.stream().mapToLong(StreamWatch::duplicates).sum();
        boolean complete = counted.isComplete(progress, duplicates);
        if (!failed && !complete && !stuck) return Optional.empty();
        counted.print(out, progress, duplicates);
        out.flush();
        return Optional.of(complete && !failed && progress.addsUp() ? 0 : 1);
    }

    /** Of a classifier; 0 if it does not answer, which is asked again in a second. */
    private static long duplicates(int port) {
        try {
            return ServiceClient.json(port, "/status").path("duplicates").asLong();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
