// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.classifier.progress.StartPositions.Position;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A topic that holds the records 100 to 199. */
class StartPositionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "  - |   - |                                                        - | 100 | 100", // the first start
                "100 |   - |                                                        - |   - |   -",
                "200 | 200 |                                                        - |   - |   -",
                "  - | 150 | the group's offset is gone; the recorded progress is offset 150 of 200 | 150 | 100",
                "  - | 200 | the group's offset is gone; the recorded progress is offset 200 of 200 | 200 | 100",
                "  - |  40 | offsets 40 to 99 were deleted before they were processed | 100 | 100",
                " 99 |  99 | offsets 99 to 99 were deleted before they were processed | 100 | 100",
                "250 | 250 | records up to offset 250 were processed, but it ends at 200: the topic was created anew or"
                        + " has lost records | 100 | 100",
            })
    void aLossIsNamedAndTheChoiceSaysWhereToGoOn(
            Long committed, Long recorded, String loss, Long goingOn, Long fromTheStart) {
        Position position = new Position(100, 200, optional(committed), optional(recorded));
        assertThat(position.loss().orElse(null)).isEqualTo(loss);
        assertThat(position.start(LostOffsets.RECORDED)).isEqualTo(optional(goingOn));
        assertThat(position.start(LostOffsets.EARLIEST)).isEqualTo(optional(fromTheStart));
    }

    private static OptionalLong optional(Long offset) {
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }
}
