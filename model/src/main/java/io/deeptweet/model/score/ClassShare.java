// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * The estimated share of a class.
 *
 * @param share in [0, 1]
 * @param low lower end of the interval, in [0, share]
 * @param high upper end of the interval, in [share, 1]
 */
public record ClassShare(double share, double low, double high) {
    public ClassShare {
        if (!(0 <= low && low <= share && share <= high && high <= 1)) // true for NaN
        throw new IllegalArgumentException("no share with its interval: " + low + ", " + share + ", " + high);
    }
}
