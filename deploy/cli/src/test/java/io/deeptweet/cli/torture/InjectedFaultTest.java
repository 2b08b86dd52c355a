// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InjectedFaultTest {
    @Test
    void theSeedDecidesWhoIsStruckHowAndWhen() {
        List<InjectedFault> faults = InjectedFault.plan(200, 7);
        assertThat(faults).hasSize(200).isEqualTo(InjectedFault.plan(200, 7)).isNotEqualTo(InjectedFault.plan(200, 8));
        assertThat(faults.subList(0, 20)).isEqualTo(InjectedFault.plan(20, 7));
    }

    @Test
    void everyProcessIsKilledAndFrozenForShortAndForLong() {
        List<InjectedFault> faults = InjectedFault.plan(500, 7);
        for (StackProcess process : StackProcess.values()) {
            List<InjectedFault> its =
                    faults.stream().filter(fault -> fault.process() == process).toList();
            assertThat(its).anyMatch(fault -> fault.freeze().isEmpty());
            assertThat(its)
                    .anyMatch(fault ->
                            fault.freeze().filter(time -> time.toSeconds() < 5).isPresent());
            // Beyond the transaction time-out and the broker's next look for transactions to abort.
            assertThat(its)
                    .anyMatch(fault -> fault.freeze()
                            .filter(time -> time.toSeconds() >= 15)
                            .isPresent());
        }
    }
}
