// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.classifier.commit.CommitStore;
import io.deeptweet.classifier.score.ScoringResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Sums up the tweets of each feed before the repartitioning by feed. One record per feed every 100 ms crosses Kafka
 * instead of one per tweet, so a feed that makes up most of the stream does not overload the thread that counts it.
 *
 * <p>Each feed has one open sum. It covers a time slice that lies within one window of every size. It is forwarded when
 * a tweet of another slice arrives or after 100 ms, with the latest timestamp of its tweets. Until then it is in a
 * store whose cache is flushed with each commit, so that a crash neither loses a tweet nor counts one twice.
 *
 * <p>Some tweets of each sum are explained for the words and examples of the windows, since an explanation costs more
 * than a score. These are added when the sum is forwarded, so that they are not written with each tweet: a crash can
 * lose those of the open sums.
 */
public final class PartialSumProcessor implements Processor<String, ScoringResult, String, SentimentAggregate> {
    /** Name of the store of open sums; state is found by it. */
    private static final String STORE = "partial-sums";

    private static final Duration LONGEST_OPEN = Duration.ofMillis(100);

    private static final int FEEDS_EXPLAINED = 10;

    private final long sliceMs;
    private final int explainedTweets;
    /** The store's contents, so that it need not be read for every tweet. */
    private final Map<String, ValueAndTimestamp<SentimentAggregate>> open = new HashMap<>();

    /** Of the open sums. */
    private final Map<String, ExplainedSample> explained = new HashMap<>();

    private int explainedInAll;
    private ProcessorContext<String, SentimentAggregate> context;
    private TimestampedKeyValueStore<String, SentimentAggregate> store;

    private PartialSumProcessor(long sliceMs, int explainedTweets) {
        this.sliceMs = sliceMs;
        this.explainedTweets = explainedTweets;
    }

    /**
     * Returns the processor and its store.
     *
     * @param windows sizes of the windows
     * @param explainedTweets how many tweets of each sum are explained, 0 or more; of all feeds together within 100 ms
     *     at most {@value #FEEDS_EXPLAINED} times as many
     */
    public static ProcessorSupplier<String, ScoringResult, String, SentimentAggregate> of(
            List<Duration> windows, int explainedTweets) {
        long slice =
                windows.stream().mapToLong(Duration::toMillis).reduce(0, PartialSumProcessor::greatestCommonDivisor);
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, ScoringResult, String, SentimentAggregate> get() {
                return new PartialSumProcessor(slice, explainedTweets);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.timestampedKeyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(STORE), Serdes.String(), new SentimentAggregateSerde())
                        .withCachingEnabled()
                        .withLoggingEnabled(CommitStore.SMALL_SEGMENTS));
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, SentimentAggregate> context) {
        this.context = context;
        store = context.getStateStore(STORE);
        open.clear();
        explained.clear();
        try (KeyValueIterator<String, ValueAndTimestamp<SentimentAggregate>> restored = store.all()) {
            restored.forEachRemaining(sum -> open.put(sum.key, sum.value));
        }
        context.schedule(LONGEST_OPEN, PunctuationType.WALL_CLOCK_TIME, now -> forwardAll());
    }

    @Override
    public void process(Record<String, ScoringResult> record) {
        String feed = record.value().tweet().getFeed();
        ValueAndTimestamp<SentimentAggregate> sum =
                ValueAndTimestamp.make(SentimentAggregate.of(record.value().score()), record.timestamp());
        ValueAndTimestamp<SentimentAggregate> before = open.get(feed);
        if (before != null) {
            if (before.timestamp() / sliceMs == sum.timestamp() / sliceMs)
                sum = ValueAndTimestamp.make(
                        before.value().plus(sum.value()), Math.max(before.timestamp(), sum.timestamp()));
            else forward(feed, before);
        }
        open.put(feed, sum);
        store.put(feed, sum);
        explain(feed, record.value());
    }

    private void explain(String feed, ScoringResult scored) {
        ExplainedSample sample = explained.getOrDefault(feed, ExplainedSample.NONE);
        if (sample.tweets() >= explainedTweets || explainedInAll >= explainedTweets * FEEDS_EXPLAINED) return;
        explainedInAll++;
        try {
            explained.put(
                    feed,
                    sample.plus(ExplainedSample.of(
                            scored.tweet().getId(),
                            scored.scorer().explain(scored.tweet().getText()))));
        } catch (RuntimeException e) {
            // whatever is wrong with the model, the tweet has its score
        }
    }

    private void forwardAll() {
        open.forEach((feed, sum) -> {
            forward(feed, sum);
            store.delete(feed);
        });
        open.clear();
        explainedInAll = 0;
    }

    private void forward(String feed, ValueAndTimestamp<SentimentAggregate> sum) {
        ExplainedSample sample = Optional.ofNullable(explained.remove(feed)).orElse(ExplainedSample.NONE);
        context.forward(new Record<>(feed, sum.value().with(sample), sum.timestamp()));
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
