// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultLimitTest {
    private final AtomicLong now = new AtomicLong();

    @Test
    void oneMoreThanAllowedWithinTheWindowExceedsTheLimit() {
        FaultLimit limit = new FaultLimit(2, Duration.ofSeconds(10), now::get);
        assertThat(limit.isExceeded()).isFalse();
        assertThat(limit.isExceeded()).isFalse();
        assertThat(limit.isExceeded()).isTrue();
    }

    @Test
    void olderFaultsDoNotCount() {
        FaultLimit limit = new FaultLimit(1, Duration.ofSeconds(10), now::get);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.isExceeded()).isFalse();
            now.addAndGet(Duration.ofSeconds(10).toNanos());
        }
    }

    @Test
    void withoutToleranceTheFirstFaultExceedsTheLimit() {
        assertThat(new FaultLimit(0, Duration.ofSeconds(10)).isExceeded()).isTrue();
    }
}
