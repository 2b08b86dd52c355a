// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import java.util.Locale;

/**
 * How the active model stands after a simulated round.
 *
 * @param round from 1; 0 is the first model, before any round
 * @param labels labels that were fed so far
 * @param active version that is active after the round
 * @param accuracy of the active model on texts that are never fed, in [0, 1]
 * @param guard its accuracy on the guard set, in [0, 1]
 * @param published whether the round's candidate became active
 * @param because why it did or did not
 * @param seconds of training and measuring
 * @param bytes of tensors that the publication would send
 */
public record SimulatedRound(
        int round,
        int labels,
        String active,
        double accuracy,
        double guard,
        boolean published,
        String because,
        double seconds,
        long bytes) {
    /** On one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "round %d  %,6d labels  accuracy %.4f  guard %.4f  %5.1f s  %,10d bytes  %s: %s",
                round,
                labels,
                accuracy,
                guard,
                seconds,
                bytes,
                published ? "published" : round == 0 ? active : "withheld",
                because);
    }
}
