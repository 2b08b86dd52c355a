// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.Ports;
import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The classifiers of one measurement, each a JVM. */
final class Classifiers implements AutoCloseable {
    private final List<ServiceProcess> processes = new ArrayList<>();
    private long resident;

    /**
     * Starts them with a consumer group of their own, without waiting.
     *
     * @param scoring whether they score, or pass tweets through
     * @param more settings beyond what the measurement needs
     * @param client settings of their Kafka and registry clients
     * @param folder for state and logs
     */
    void start(
            Installation installation,
            Shape shape,
            boolean scoring,
            Map<String, String> more,
            Map<String, String> client,
            Path folder) {
        String application = "bench-" + Long.toString(System.nanoTime(), 36);
        for (int i = 1; i <= shape.instances(); i++) {
            Map<String, String> settings = new LinkedHashMap<>(Map.of(
                    "deeptweet.application-id", application,
                    "deeptweet.topics.partitions", "" + shape.partitions(),
                    "deeptweet.threads", "" + shape.threads(),
                    "deeptweet.scoring", "" + scoring,
                    "deeptweet.state-dir", folder.resolve(application + "-" + i).toString()));
            settings.putAll(more);
            processes.add(ServiceProcess.launch(
                    installation, ServiceType.CLASSIFIER, "classifier-" + i, Ports.free(), settings, client, folder));
        }
    }

    /**
     * Tweets that they have scored so far.
     *
     * @throws StartFailedException if one has ended
     */
    long scored() {
        long scored = 0;
        for (ServiceProcess classifier : processes) {
            if (!classifier.process().isAlive())
                throw new StartFailedException("a classifier ended by itself: see its log, "
                        + classifier.process().log());
            resident = Math.max(resident, ProcessUsage.resident(classifier.process()));
            try {
                scored += new ObjectMapper()
                        .readTree(ServiceClient.get(classifier.port(), ServiceType.CLASSIFIER.statusPath())
                                .body())
                        .path("scored")
                        .asLong();
            } catch (IOException e) {
                // It does not listen yet.
            }
        }
        return scored;
    }

    /** User and system time of all of them. */
    Duration cpu() {
        return processes.stream()
                .map(classifier -> ProcessUsage.cpu(classifier.process()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The memory of the largest. */
    Memory memory() {
        long heap = 0;
        long committed = 0;
        long other = 0;
        for (ServiceProcess classifier : processes) {
            try {
                String metrics =
                        ServiceClient.get(classifier.port(), "/q/metrics").body();
                heap = Math.max(heap, sum(metrics, "jvm_memory_used_bytes{area=\"heap\""));
                committed = Math.max(committed, sum(metrics, "jvm_memory_committed_bytes{area=\"heap\""));
                other = Math.max(other, sum(metrics, "jvm_memory_committed_bytes{area=\"nonheap\""));
            } catch (IOException e) {
                throw new StartFailedException("a classifier does not answer: " + e.getMessage(), e);
            }
            resident = Math.max(resident, ProcessUsage.resident(classifier.process()));
        }
        return new Memory(heap, committed, other, resident);
    }

    private static long sum(String metrics, String prefix) {
        return (long) metrics.lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        processes.forEach(ServiceProcess::close);
    }
}
