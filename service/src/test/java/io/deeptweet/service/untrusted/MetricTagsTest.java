// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MetricTagsTest {
    @Test
    void valuesOfTagsAreShortAndHarmless() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        meters.config().meterFilter(new MetricTags());
        assertThat(meters.counter("c", "version", "v\u001b[31m\n").getId().getTag("version"))
                .isEqualTo("v\uFFFD[31m⏎");
        assertThat(meters.counter("c", "version", "v".repeat(10_000)).getId().getTag("version"))
                .hasSize(257);
        assertThat(meters.counter("c", "version", "base-0123abcd").getId().getTag("version"))
                .isEqualTo("base-0123abcd");
    }
}
