// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.duplicate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.classifier.commit.CommitStore;
import io.deeptweet.classifier.decode.DecodingResult.DecodedTweet;
import io.deeptweet.schemas.Tweet;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Drops a tweet whose feed and id were processed shortly before: one that was pushed twice, or that a source delivered
 * again. An edited tweet has the id of the first version, so it is dropped too.
 *
 * <p>Duplicates meet in one partition, because the id is the record's key. The time is that of the records, when they
 * were appended, not that of the clock or of writing: so a replay of old tweets is filtered like a live feed, and work
 * that is repeated after a crash gives the same result.
 *
 * <p>Feed and id are remembered as the first 64 bits of their SHA-256. Among n remembered tweets a new one is taken for
 * a duplicate with a probability of n / 2^64: 1.4e-14 with 250,000.
 */
public final class DuplicateFilter extends ContextualProcessor<byte[], DecodedTweet, byte[], DecodedTweet> {
    /** Name of the store of hashes; state is found by it. */
    private static final String STORE = "recent-tweets";

    /** Is notified of each duplicate. */
    public interface Observer {
        void duplicate();
    }

    /**
     * How much is remembered.
     *
     * @param window how long a tweet is remembered; zero turns the filter off
     * @param maxIds of how many tweets of each partition at most, 1 or more
     */
    public record Memory(Duration window, int maxIds) {
        public boolean isOff() {
            return window.isZero();
        }
    }

    private final Memory memory;
    private final Observer observer;
    private final MessageDigest sha256 = sha256();
    private RecentHashes recent;

    private DuplicateFilter(Memory memory, Observer observer) {
        this.memory = memory;
        this.observer = observer;
    }

    /** Returns the processor and its store. */
    public static ProcessorSupplier<byte[], DecodedTweet, byte[], DecodedTweet> of(Memory memory, Observer observer) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<byte[], DecodedTweet, byte[], DecodedTweet> get() {
                return new DuplicateFilter(memory, observer);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(CommitStore.builder(STORE, Serdes.Long(), Serdes.ByteArray()));
            }
        };
    }

    @Override
    public void init(ProcessorContext<byte[], DecodedTweet> context) {
        super.init(context);
        RecentHashes restored = new RecentHashes(memory.window().toMillis(), memory.maxIds());
        CommitStore<Long, byte[]> store = context.getStateStore(STORE);
        try (KeyValueIterator<Long, byte[]> segments = store.all()) {
            segments.forEachRemaining(segment -> restored.restore(segment.key, segment.value));
        }
        recent = restored;
        store.beforeCommit(() -> restored.drainChanges(store::put, number -> store.put(number, null)));
    }

    @Override
    public void process(Record<byte[], DecodedTweet> record) {
        if (recent.add(hash(record.value().tweet()), record.value().appendedAtMs()))
            context().forward(record);
        else observer.duplicate();
    }

    private long hash(Tweet tweet) {
        sha256.update(tweet.getFeed().getBytes(UTF_8));
        sha256.update((byte) 0);
        return ByteBuffer.wrap(sha256.digest(tweet.getId().getBytes(UTF_8))).getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
