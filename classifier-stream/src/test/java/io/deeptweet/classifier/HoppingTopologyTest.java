// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Windows of 30 s that start every 10 s, beside tumbling ones. */
class HoppingTopologyTest extends TopologyHarness {
    private static final Duration SIZE = Duration.ofSeconds(30);
    private static final Duration ADVANCE = Duration.ofSeconds(10);

    @Override
    Map<Duration, Duration> hopping() {
        return Map.of(SIZE, ADVANCE);
    }

    @Test
    void aTweetIsCountedInEveryWindowThatHoldsItsTime() {
        pipe(tweet("1", "election", NOON.plusSeconds(5)));
        pipe(tweet("2", "election", NOON.plusSeconds(15)));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(counts(last))
                .containsExactly(
                        Map.entry(NOON.minusSeconds(20), 1L),
                        Map.entry(NOON.minusSeconds(10), 2L),
                        Map.entry(NOON, 2L),
                        Map.entry(NOON.plusSeconds(10), 1L));
        assertThat(last.get("election/PT30S/" + NOON).getEnd()).isEqualTo(NOON.plus(SIZE));
        assertThat(last.get("election/PT1M/" + NOON).getCount()).as("tumbling").isEqualTo(2);
    }

    @Test
    void eachWindowClosesByItself() {
        pipe(tweet("1", "election", NOON.plusSeconds(5)));
        lastWindows();
        // The first of its three windows ended at NOON + 10 s.
        pipe(tweet("2", "election", NOON.plus(GRACE).plusSeconds(10)));
        assertThat(closed(lastWindows())).containsExactly(NOON.minusSeconds(20));
        pipe(tweet("3", "election", NOON.plus(GRACE).plusSeconds(30)));
        assertThat(closed(lastWindows())).containsExactly(NOON.minusSeconds(10), NOON);
    }

    @Test
    void aTweetThatIsLateForSomeWindowsIsCountedInTheOthers() {
        pipe(tweet("1", "election", NOON.plus(GRACE).plusSeconds(15)));
        lastWindows();
        pipe(tweet("2", "election", NOON.plusSeconds(5)));
        assertThat(counts(lastWindows())).containsExactly(Map.entry(NOON.minusSeconds(10), 1L), Map.entry(NOON, 1L));
        assertThat(observer.late).contains(SIZE);
    }

    private static Map<Instant, Long> counts(Map<String, SentimentWindow> windows) {
        Map<Instant, Long> counts = new TreeMap<>();
        windows.forEach((key, window) -> {
            if (key.startsWith("election/" + SIZE + "/")) counts.put(window.getStart(), window.getCount());
        });
        return counts;
    }

    private static Iterable<Instant> closed(Map<String, SentimentWindow> windows) {
        Map<String, SentimentWindow> closed = new TreeMap<>(windows);
        closed.values().removeIf(window -> !window.getClosed());
        return counts(closed).keySet();
    }
}
