// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.service.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class XPausesTest {
    private final XPauses pauses = new XPauses(XPauses.Waits.OF_X);

    @Test
    void brokenConnectionsWaitLongerByAQuarterOfASecond() {
        List<Duration> waits = waits(70, new LiveException(Kind.DISCONNECTED, "broken"));
        assertThat(waits.subList(0, 3))
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(750));
        assertThat(waits.get(69)).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void refusalsWaitTwiceAsLongEachTime() {
        assertThat(waits(8, refused(Kind.REFUSED, 503)))
                .extracting(Duration::toSeconds)
                .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 320L);
    }

    @Test
    void whatLastsWaitsTheLongest() {
        for (int status : new int[] {401, 402, 403})
            assertThat(pauses.failed(refused(Kind.REFUSED, status)).pause()).isEqualTo(Duration.ofSeconds(320));
    }

    @Test
    void tooManyRequestsWaitAMinuteUnlessXSaysUntilWhen() {
        assertThat(waits(6, refused(Kind.RATE_LIMITED, 429)))
                .extracting(Duration::toMinutes)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 16L);
        pauses.succeeded();
        LiveException told = new LiveException(Kind.RATE_LIMITED, "limited", Optional.of(Instant.now()), 429, null);
        assertThat(pauses.failed(told).pause()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void successEndsTheWaitsAndRepeatedFailuresAreToldOnce() {
        LiveException failure = refused(Kind.REFUSED, 503);
        assertThat(pauses.failed(failure).isNew()).isTrue();
        assertThat(pauses.failed(failure).isNew()).isFalse();
        pauses.succeeded();
        assertThat(pauses.failed(failure)).isEqualTo(new Backoff.Advice(Duration.ofSeconds(5), true));
    }

    private List<Duration> waits(int count, LiveException failure) {
        return Stream.generate(() -> pauses.failed(failure).pause())
                .limit(count)
                .toList();
    }

    private static LiveException refused(Kind kind, int status) {
        return new LiveException(kind, "refused", Optional.empty(), status, null);
    }
}
