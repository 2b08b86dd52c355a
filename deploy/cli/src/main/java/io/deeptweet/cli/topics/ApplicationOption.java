// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import picocli.CommandLine.Option;

/** Which classifiers the internal topics and the consumer group belong to. */
final class ApplicationOption {
    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "deeptweet-classifier",
            description = "The classifiers' application id (default: ${DEFAULT-VALUE}).")
    private String id;

    String id() {
        return id;
    }
}
