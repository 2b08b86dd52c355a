// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StrikeTest {
    @Test
    void theSeedDecidesWhoIsStruckHowAndWhen() {
        List<Strike> strikes = Strike.plan(200, 7);
        assertThat(strikes).hasSize(200).isEqualTo(Strike.plan(200, 7)).isNotEqualTo(Strike.plan(200, 8));
        assertThat(strikes.subList(0, 20)).isEqualTo(Strike.plan(20, 7));
    }

    @Test
    void everyProcessIsKilledAndFrozenForShortAndForLong() {
        List<Strike> strikes = Strike.plan(500, 7);
        for (Victim victim : Victim.values()) {
            List<Strike> its =
                    strikes.stream().filter(strike -> strike.victim() == victim).toList();
            assertThat(its).anyMatch(strike -> strike.freeze().isEmpty());
            assertThat(its)
                    .anyMatch(strike ->
                            strike.freeze().filter(time -> time.toSeconds() < 5).isPresent());
            // Beyond the transaction time-out and the broker's next look for transactions to abort.
            assertThat(its)
                    .anyMatch(strike -> strike.freeze()
                            .filter(time -> time.toSeconds() >= 15)
                            .isPresent());
        }
    }
}
