// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DelaysTest {
    /** 200 tweets, one each 10 ms; those of the first second took a minute, the others 1 to 100 ms. */
    @Test
    void quantilesAreOfTheSecondHalf() {
        long[] appended = LongStream.range(0, 200).map(i -> 1000 + 10 * i).toArray();
        long[] seen = LongStream.range(0, 200)
                .map(i -> 1000 + 10 * i + (i < 100 ? 60_000 : i - 99))
                .toArray();
        Delays delays = Delays.of(100, appended, seen);
        assertThat(delays.rate()).isEqualTo(100);
        assertThat(delays.sent()).isBetween(100.0, 102.0);
        assertThat(delays.p50()).isEqualTo(50);
        assertThat(delays.p99()).isEqualTo(99);
        assertThat(delays.p999()).isEqualTo(100);
        assertThat(delays.max()).isEqualTo(100);
    }
}
