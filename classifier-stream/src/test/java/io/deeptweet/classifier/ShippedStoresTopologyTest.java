// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.classifier.window.SharedRocksDbMemory;
import io.deeptweet.schemas.SentimentWindow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.junit.jupiter.api.Test;

/** The topology with the window stores of the service: RocksDB with shared memory. */
class ShippedStoresTopologyTest extends TopologyHarness {
    @Override
    Properties properties() {
        Properties properties = super.properties();
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.class);
        return properties;
    }

    @Override
    DslStoreSuppliers stores() {
        return new RocksDBDslStoreSuppliers();
    }

    @Test
    void windowsAreCountedOnDisk() throws Exception {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON.plus(GRACE).plusSeconds(10)));
        pipe(tweet("3", "election", NOON)); // too late for the 10 s window

        assertThat(observer.late).containsExactly(SIZES.get(0));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(3);
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(3);
        try (Stream<Path> files = Files.walk(state)) {
            assertThat(files.map(Path::toString))
                    .anyMatch(path -> path.contains("windows-PT10S") && path.endsWith(".log"));
        }
    }
}
