// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.local.Ports;
import io.deeptweet.schemas.client.ClientDefaults;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Where the parts of the stack listen. */
final class PortOptions {
    /** How many ports higher the next classifier listens. */
    static final String CLASSIFIER_DISTANCE = "100";

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            defaultValue = "" + ClientDefaults.BROKER_PORT,
            description = "Port of Kafka (default: ${DEFAULT-VALUE}).")
    private int broker;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "" + ClientDefaults.REGISTRY_PORT,
            description = "Port of the schema registry (default: ${DEFAULT-VALUE}).")
    private int registry;

    @Option(
            names = "--ingest-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Port of ingest (default: ${DEFAULT-VALUE}).")
    private int ingest;

    @Option(
            names = "--classifier-port",
            paramLabel = "PORT",
            defaultValue = "8091",
            description = "Port of the classifier (default: ${DEFAULT-VALUE}).")
    private int classifier;

    @Option(
            names = "--trainer-port",
            paramLabel = "PORT",
            defaultValue = "8092",
            description = "Port of the trainer (default: ${DEFAULT-VALUE}).")
    private int trainer;

    int broker() {
        return broker;
    }

    int registry() {
        return registry;
    }

    int ingest() {
        return ingest;
    }

    int trainer() {
        return trainer;
    }

    /** The ports of the classifiers. */
    List<Integer> classifiers(int instances) {
        return IntStream.range(0, instances)
                .mapToObj(i -> classifier + i * Integer.parseInt(CLASSIFIER_DISTANCE))
                .toList();
    }

    /** Fails if a port of DeepTweet's services is in use. */
    void requireFree(int classifiers) {
        Ports.requireFree(ingest, "ingest");
        for (int port : classifiers(classifiers)) Ports.requireFree(port, "the classifier");
        Ports.requireFree(trainer, "the trainer");
    }
}
