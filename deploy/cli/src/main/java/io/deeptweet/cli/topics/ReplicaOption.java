// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import picocli.CommandLine.Option;

/** Whether one replica is enough; the option of all commands that create or check topics. */
final class ReplicaOption {
    @Option(
            names = "--allow-single-replica",
            description = "Accepts topics with one replica on a cluster of several brokers.")
    private boolean allowSingle;

    boolean allowSingle() {
        return allowSingle;
    }
}
