// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Shares one block cache and one write buffer budget among all RocksDB instances of this JVM. By default each segment
 * of each store of each partition has its own, up to 98 MB off the heap, and there are dozens of them.
 *
 * @see <a href="https://kafka.apache.org/41/documentation/streams/developer-guide/memory-mgmt.html">Kafka Streams:
 *     memory management</a>
 */
public final class SharedRocksDbMemory implements RocksDBConfigSetter {
    private static final long TOTAL_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20; // of the total
    private static final long BYTES_PER_WRITE_BUFFER = 4L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(TOTAL_BYTES);
    private static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    /** Loads RocksDB's native code, which otherwise the first store does. */
    public static void load() {
        RocksDB.loadLibrary();
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(BYTES_PER_WRITE_BUFFER);
        options.setTableFormatConfig(table);
    }

    /** Closes nothing: cache and budget are shared and live as long as the JVM. */
    @Override
    public void close(String storeName, Options options) {}
}
