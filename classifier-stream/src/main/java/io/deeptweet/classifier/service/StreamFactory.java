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
import io.deeptweet.classifier.window.WindowTimes;
import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.service.settings.WholeSecondsConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes the parts of the stream from the settings. */
final class StreamFactory {
    private static final WholeSecondsConverter WHOLE_SECONDS = new WholeSecondsConverter();
    /** Each tweet is counted in as many windows. */
    private static final int MOST_HOPS = 60;

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
                hopping(settings),
                settings.window().grace(),
                settings.window().retention(),
                strongestWords,
                settings.window().explainedTweets(),
                drift(settings.drift()),
                settings.window().partitions(),
                new DuplicateFilter.Memory(
                        settings.deduplication().window(),
                        settings.deduplication().maxIds()));
    }

    /** Returns the sizes of the tumbling windows, in ascending order. */
    static List<Duration> windows(ClassifierSettings settings) {
        return settings.window().sizes().stream().distinct().sorted().toList();
    }

    /** Returns the sizes of all windows, in ascending order. */
    static List<Duration> allWindows(ClassifierSettings settings) {
        return Stream.concat(windows(settings).stream(), hopping(settings).keySet().stream())
                .sorted()
                .toList();
    }

    /** Returns when the windows of a size, one of {@link #allWindows}, close and are deleted. */
    static WindowTimes times(ClassifierSettings settings, Duration size) {
        return new WindowTimes(
                size,
                hopping(settings).getOrDefault(size, size),
                settings.window().grace(),
                settings.window().retention());
    }

    /**
     * Returns the sizes of the hopping windows, each with its advance.
     *
     * @throws InvalidSettingException if there is one that cannot be
     */
    static Map<Duration, Duration> hopping(ClassifierSettings settings) {
        List<String> given = settings.window().hopping().orElse(List.of());
        Map<Duration, Duration> hopping = new TreeMap<>();
        for (String window : given) {
            String[] parts = window.split("/", 2);
            try {
                Duration size = WHOLE_SECONDS.convert(parts[0]);
                Duration advance = WHOLE_SECONDS.convert(parts[1]);
                long hops = advance.toSeconds() < 1 ? 0 : size.toSeconds() / advance.toSeconds();
                boolean whole = advance.multipliedBy(hops).equals(size);
                boolean isNew = !windows(settings).contains(size) && hopping.put(size, advance) == null;
                if (whole && hops >= 2 && hops <= MOST_HOPS && isNew) continue;
            } catch (IllegalArgumentException | ArithmeticException e) {
                // told below
            }
            throw new InvalidSettingException(
                    "deeptweet.window.hopping", String.join(",", given), ClassifierSettings.Window.HOPPING_IN_WORDS);
        }
        return hopping;
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
