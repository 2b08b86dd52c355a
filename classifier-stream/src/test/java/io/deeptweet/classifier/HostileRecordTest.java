// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is on {@code tweets.raw} is rejected with its reason, and the next tweet is scored. */
class HostileRecordTest extends TopologyHarness {
    static List<HostileRecord> records() {
        return HostileRecord.all(new InMemorySchemaIds());
    }

    @ParameterizedTest
    @MethodSource("records")
    void aHostileRecordIsRejectedOnceAndTheStreamGoesOn(HostileRecord described) {
        HostileRecord hostile = HostileRecord.all(ids).stream() // in the schema ids of this topology
                .filter(one -> one.name().equals(described.name()))
                .findFirst()
                .orElseThrow();
        raw.pipeInput(hostile.key().orElse(null), hostile.value().orElse(null), NOW);
        pipe(tweet("after", "election", NOON));

        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.key()).isEqualTo(hostile.key().orElse(null));
        assertThat(record.value()).isEqualTo(hostile.value().orElse(null));
        Rejection rejection = Rejection.readFrom(record.headers()).orElseThrow();
        assertThat(rejection.reason().code() + ": " + rejection.detail()).startsWith(hostile.verdict());
        assertThat(rejected.isEmpty()).isTrue();
        assertThat(scored.readKeyValuesToList())
                .extracting(scored -> scored.key)
                .containsExactly("after");
    }

    @Test
    void noCaseIsThereTwice() {
        assertThat(records().stream().map(HostileRecord::name))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(60);
    }
}
