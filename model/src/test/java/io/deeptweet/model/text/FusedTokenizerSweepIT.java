// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What {@link FusedTokenizerTest} compares, on everything there is. It takes too long for every unit test run. */
class FusedTokenizerSweepIT {
    private static final ThreadLocal<TokenizerComparison> COMPARISON =
            ThreadLocal.withInitial(TokenizerComparison::new);

    @Test
    void everyCodePointHasTheSameTokens() {
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT / 16)
                .parallel()
                .forEach(block -> COMPARISON
                        .get()
                        .compareCharacters(
                                IntStream.range(16 * block, 16 * block + 16).toArray()));
    }

    @Test
    void randomTextsOfTokenPartsHaveTheSameTokens() {
        LongStream.range(20_000, 100_000)
                .parallel()
                .forEach(seed -> COMPARISON.get().compareRandomParts(seed));
    }

    @Test
    void allRealTweetsHaveTheSameTokens() throws IOException {
        long lines = TokenizerComparison.realTweets().parallelStream()
                .mapToLong(file -> COMPARISON.get().compareLines(file, Long.MAX_VALUE))
                .sum();
        assertThat(lines).isPositive();
        System.out.println("compared " + lines + " lines of real tweets");
    }
}
