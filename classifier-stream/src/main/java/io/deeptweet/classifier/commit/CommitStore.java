// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.commit;

import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;

import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A key-value store in memory, with a changelog, that tells its processor when the task is about to commit. The
 * processor collects changes in a form of its own and writes them then, in the transaction of the records that made
 * them: one record per commit instead of one per tweet.
 *
 * <p>{@link CachedStateStore} is how Kafka Streams' own caches are flushed before a commit. It is not public API; see
 * {@code docs/rationale/commit-store.md}.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class CommitStore<K, V> implements StateStore, CachedStateStore<K, V> {
    /**
     * Settings of a changelog whose few keys change often: segments of 4 MiB. Only closed segments are compacted, and
     * all that is not compacted is read whenever a partition moves.
     */
    public static final Map<String, String> SMALL_SEGMENTS = Map.of(SEGMENT_BYTES_CONFIG, Integer.toString(4 << 20));

    private final KeyValueStore<K, V> inner;
    private Runnable beforeCommit = () -> {};

    private CommitStore(KeyValueStore<K, V> inner) {
        this.inner = inner;
    }

    /** Returns a builder of stores with this name; state is found by it. */
    public static <K, V> StoreBuilder<CommitStore<K, V>> builder(String name, Serde<K> keys, Serde<V> values) {
        return new Builder<>(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values)
                .withLoggingEnabled(SMALL_SEGMENTS));
    }

    /** Sets what runs before each commit of the task; a processor calls this in its {@code init}. */
    public void beforeCommit(Runnable action) {
        beforeCommit = action;
    }

    public void put(K key, V value) {
        inner.put(key, value);
    }

    /** Returns all entries, in the order of the serialized keys; the caller closes the iterator. */
    public KeyValueIterator<K, V> all() {
        return inner.all();
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
    }

    /** Does nothing: the processor's changes are discarded with the processor. */
    @Override
    public void clearCache() {}

    @Override
    public boolean setFlushListener(CacheFlushListener<K, V> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        inner.init(context, root);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public void close() {
        beforeCommit = () -> {};
        inner.close();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public Position getPosition() {
        return inner.getPosition();
    }

    private record Builder<K, V>(StoreBuilder<KeyValueStore<K, V>> inner) implements StoreBuilder<CommitStore<K, V>> {
        @Override
        public StoreBuilder<CommitStore<K, V>> withCachingEnabled() {
            return this; // it is a cache
        }

        @Override
        public StoreBuilder<CommitStore<K, V>> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitStore<K, V>> withLoggingEnabled(Map<String, String> config) {
            return new Builder<>(inner.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<CommitStore<K, V>> withLoggingDisabled() {
            return new Builder<>(inner.withLoggingDisabled());
        }

        @Override
        public CommitStore<K, V> build() {
            return new CommitStore<>(inner.build());
        }

        @Override
        public Map<String, String> logConfig() {
            return inner.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return inner.loggingEnabled();
        }

        @Override
        public String name() {
            return inner.name();
        }
    }
}
