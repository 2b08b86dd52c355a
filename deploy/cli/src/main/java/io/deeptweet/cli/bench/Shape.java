// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import java.util.Locale;

/**
 * How the stream is laid out.
 *
 * @param partitions of the topics, at least as many as instances
 * @param instances classifiers, each a JVM
 */
record Shape(int partitions, int instances) {
    /** Stream threads of each instance. */
    int threads() {
        return (partitions + instances - 1) / instances;
    }

    /** {@code 4 partitions, 2 × 2 threads}. */
    String description() {
        return String.format(Locale.ROOT, "%s, %d × %d threads", plural(partitions, "partition"), instances, threads());
    }

    static String plural(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
