// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

/** The processes that are killed and frozen. */
enum StackProcess {
    BROKER("broker", 1),
    REGISTRY("registry", 1),
    INGEST("ingest", 2),
    TRAINER("trainer", 2),
    CLASSIFIER("classifier", 2),
    CLASSIFIER_2("classifier2", 2);

    private final String label;
    private final int weight;

    StackProcess(String label, int weight) {
        this.label = label;
        this.weight = weight;
    }

    /** What output and log files call it. */
    String label() {
        return label;
    }

    /** How often it is chosen, relative to the others. While the broker is away, nothing else can go wrong. */
    int weight() {
        return weight;
    }
}
