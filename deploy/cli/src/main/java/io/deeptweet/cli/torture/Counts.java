// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** How often each number from 0 on came, in a byte each: there may be millions. */
final class Counts {
    private byte[] counts = new byte[1024];

    void add(int number) {
        if (number >= counts.length) counts = Arrays.copyOf(counts, Math.max(number + 1, 2 * counts.length));
        if (counts[number] < Byte.MAX_VALUE) counts[number]++;
    }

    /** At most 127. */
    int of(int number) {
        return number < counts.length ? counts[number] : 0;
    }

    /** The numbers below a limit whose count is such. */
    int[] numbers(int limit, IntPredicate wanted) {
        return IntStream.range(0, limit)
                .filter(number -> wanted.test(of(number)))
                .toArray();
    }

    /** The smallest number above all that came. */
    int end() {
        int end = counts.length;
        while (end > 0 && counts[end - 1] == 0) end--;
        return end;
    }
}
