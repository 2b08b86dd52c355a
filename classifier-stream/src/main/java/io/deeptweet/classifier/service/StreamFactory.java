// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.classifier.duplicate.DuplicateFilter;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.prescore.PrescoringInterceptor;
import io.deeptweet.classifier.stream.FaultLimit;
import io.deeptweet.classifier.stream.InternalTopics;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.classifier.stream.StreamsProperties;
import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the parts of the stream from the settings. */
final class StreamFactory {
    private StreamFactory() {}

    /**
     * Makes the stream.
     *
     * @param kafka the settings {@code kafka.*}, without their prefix
     * @param limit of the stream's faults
     * @param onFailure is run if the stream fails for good
     * @throws org.apache.kafka.common.KafkaException if a setting of Kafka is wrong
     */
    static SentimentStream stream(
            SentimentTopology topology,
            StreamsProperties properties,
            Map<String, Object> kafka,
            StreamMetrics metrics,
            FaultLimit limit,
            Runnable onFailure) {
        PrescoringInterceptor.Config prescoring = new PrescoringInterceptor.Config(
                topology.model(),
                topology.ids(),
                topology.settings().strongestWords().keySet());
        return new SentimentStream(
                topology.build(),
                properties.with(kafka, prescoring, metrics),
                () -> metrics.scored() + metrics.rejected() + metrics.duplicates(),
                limit,
                onFailure);
    }

    static InternalTopics internalTopics(SentimentTopology topology, ClassifierSettings settings) {
        return new InternalTopics(
                settings.applicationId(),
                topology.build(),
                SentimentTopology.repartitionTopic(settings.applicationId()),
                settings.window().partitions());
    }

    static SentimentTopology.Settings topology(ClassifierSettings settings) {
        Map<String, Integer> strongestWords = new HashMap<>();
        settings.feeds().forEach((name, feed) -> {
            if (feed.strongestWords() > 0) strongestWords.put(name, feed.strongestWords());
        });
        return new SentimentTopology.Settings(
                windows(settings),
                settings.window().grace(),
                settings.window().retention(),
                strongestWords,
                drift(settings.drift()),
                settings.window().partitions(),
                new DuplicateFilter.Memory(
                        settings.deduplication().window(),
                        settings.deduplication().maxIds()));
    }

    /** Returns the sizes of the windows, in ascending order. */
    static List<Duration> windows(ClassifierSettings settings) {
        return settings.window().sizes().stream().distinct().sorted().toList();
    }

    /** @throws InvalidSettingException if the state folder cannot be created */
    static StreamsProperties properties(ClassifierSettings settings) {
        return new StreamsProperties(
                settings.applicationId(),
                settings.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
                created(settings.stateDir()),
                settings.address(),
                settings.topics().replicationFactor());
    }

    private static DriftThresholds drift(ClassifierSettings.Drift drift) {
        return new DriftThresholds(
                drift.window(),
                drift.leastTweets(),
                uncertainTenths(drift),
                drift.unknown(),
                drift.uncertain(),
                drift.psi());
    }

    static int uncertainTenths(ClassifierSettings.Drift drift) {
        return (int) Math.round(10 * drift.uncertainBand());
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder.toAbsolutePath());
        } catch (IOException e) {
            throw new InvalidSettingException("deeptweet.state-dir", folder, "a folder that can be written to");
        }
    }
}
