// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LiveProgressTest {
    @Test
    void aSourceIsBehindOnlyIfSomethingCame() {
        assertThat(LiveProgress.counts(progress(OptionalDouble.of(0.04)), 1.25))
                .isEqualTo("1.3 tweets/s, 0.0 s behind the source, 1,000 filtered, 2 skipped, 3 rejected");
        assertThat(LiveProgress.counts(progress(OptionalDouble.empty()), 0))
                .isEqualTo("0.0 tweets/s, 1,000 filtered, 2 skipped, 3 rejected");
    }

    private static FeedProgress progress(OptionalDouble lagSeconds) {
        return new FeedProgress(true, "", "", 1_010, 5, 1_000, 2, 3, "", lagSeconds);
    }
}
