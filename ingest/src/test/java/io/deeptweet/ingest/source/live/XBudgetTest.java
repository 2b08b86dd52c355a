// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.tweet.RecordJson;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class XBudgetTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-09-20T12:00:00Z"), ZoneOffset.UTC);

    /** Those that were charged are kept for a day: texts of any length would fill the heap. */
    @Test
    void onlyIdsOfXAreChargedAndKept() throws Exception {
        XBudget budget = new XBudget(new XOptions.Prices(1, 1, 100), XPosition.start(CLOCK.instant()), CLOCK);
        budget.charge(RecordJson.object("{\"data\": {\"id\": \"17\"}}".getBytes(StandardCharsets.UTF_8)));
        String other = "{\"data\": {\"id\": \"" + "9".repeat(1_000) + "\"}}";
        budget.charge(RecordJson.object(other.getBytes(StandardCharsets.UTF_8)));
        assertThat(budget.describe()).startsWith("1.00 of 100.00 USD");
    }
}
