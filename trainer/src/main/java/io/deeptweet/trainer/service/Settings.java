// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.round.FineTuning;
import io.deeptweet.trainer.round.Gate;
import io.deeptweet.trainer.round.RoundPlan;
import io.deeptweet.trainer.round.RoundTrigger;
import io.deeptweet.trainer.train.FrozenLayers;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * The trainer's settings, checked.
 *
 * @param topics how missing topics are created
 * @param push how labels are taken over HTTP
 * @param rounds how rounds are run
 * @param publishDefault whether the default model is published if there is no other
 * @param keepModels how many of the newest models a publication leaves on the model topic
 */
record Settings(TopicSetup topics, Push push, RoundPlan rounds, boolean publishDefault, int keepModels) {
    /** Texts of a file that are kept in memory at most. */
    private static final int GUARD_TEXTS = 5_000;

    /**
     * @param largestBatch labels of one request
     * @param timeout how long a request waits for Kafka
     * @param wantedFrom how many scored tweets are looked at to find those worth labelling
     */
    record Push(int largestBatch, Duration timeout, int wantedFrom) {}

    /**
     * @throws IllegalArgumentException if a value is wrong; the message names the key, the value and what would be
     *     right
     */
    static Settings of(TrainerConfig config) {
        TrainerConfig.Round round = config.round();
        int labels = number("deeptweet.round.labels", round.labels(), 1, 1_000_000, "use 1 to 1000000");
        int largest = number("deeptweet.round.largest", round.largest(), 1, 100_000, "use 1 to 100000");
        if (largest < labels)
            throw wrong(
                    "deeptweet.round.largest",
                    round.largest(),
                    "use at least deeptweet.round.labels, which is " + labels);
        int most = number("deeptweet.rehearsal.most", config.rehearsal().most(), 1, 1_000_000, "use 1 to 1000000");
        Gate gate = new Gate(
                share(
                        "deeptweet.gate.level",
                        config.gate().level(),
                        true,
                        "use a probability above 0 and below 1, such as 0.05"),
                share(
                        "deeptweet.gate.margin",
                        config.gate().margin(),
                        false,
                        "use a share from 0 to below 1, such as 0.005"));
        FineTuning fineTuning = new FineTuning(
                number("deeptweet.round.epochs", round.epochs(), 1, 100, "use 1 to 100"),
                decimal(
                        "deeptweet.round.learning-rate",
                        round.learningRate(),
                        1e-9,
                        1,
                        "use a number above 0 and up to 1, such as 0.0005"),
                freeze(round.freeze()),
                decimal("deeptweet.rehearsal.ratio", config.rehearsal().ratio(), 0, 100, "use 0 to 100"),
                gate,
                texts("deeptweet.guard.file", config.guard().file(), GUARD_TEXTS));
        return new Settings(
                TopicSetup.of(config.topics().partitions(), config.topics().replicationFactor()),
                new Push(
                        number(
                                "deeptweet.labels.largest-batch",
                                config.labels().largestBatch(),
                                1,
                                100_000,
                                "use 1 to 100000"),
                        Duration.ofSeconds(number(
                                "deeptweet.labels.timeout-seconds",
                                config.labels().timeoutSeconds(),
                                1,
                                3600,
                                "use 1 to 3600")),
                        number(
                                "deeptweet.labels.wanted-from",
                                config.labels().wantedFrom(),
                                1,
                                100_000,
                                "use 1 to 100000")),
                new RoundPlan(
                        new RoundTrigger(
                                labels,
                                duration("deeptweet.round.patience", round.patience()),
                                duration("deeptweet.round.patience-in-drift", round.patienceInDrift())),
                        fineTuning,
                        largest,
                        most,
                        texts("deeptweet.rehearsal.file", config.rehearsal().file(), 2 * most).stream()
                                .map(Label::of)
                                .toList(),
                        number("deeptweet.round.threads", round.threads(), 1, 1024, "use 1 to 1024")),
                config.publishDefault(),
                number("deeptweet.keep-models", config.keepModels(), 1, 1_000_000, "use 1 or more"));
    }

    private static FrozenLayers freeze(String value) {
        for (FrozenLayers freeze : FrozenLayers.values())
            if (freeze.name().toLowerCase(Locale.ROOT).equals(value.strip())) return freeze;
        throw wrong("deeptweet.round.freeze", value, "use none, embedding or encoder");
    }

    /** A labelled file's texts, drawn at random if there are more. */
    private static List<LabeledText> texts(String key, Optional<String> file, int most) {
        if (file.filter(name -> !name.isBlank()).isEmpty()) return List.of();
        try {
            List<LabeledText> texts = new ArrayList<>(
                    DataSetReader.read(Path.of(file.get().strip())).texts());
            if (texts.size() <= most) return List.copyOf(texts);
            Collections.shuffle(texts, new Random(1));
            return List.copyOf(texts.subList(0, most));
        } catch (IOException | InvalidPathException e) {
            throw wrong(
                    key,
                    file.get(),
                    "it can't be read: name a file of labelled texts, as the command label reads them");
        } catch (DataException e) {
            throw wrong(key, file.get(), e.getMessage());
        }
    }

    /** {@code 30s}, {@code 15m}, {@code 1h}, {@code 1d}, {@code 500ms}, or as ISO 8601 writes it: {@code PT10S}. */
    private static Duration duration(String key, String value) {
        String lower = value.strip().toLowerCase(Locale.ROOT);
        try {
            Duration duration;
            if (lower.matches("\\d+ms"))
                duration = Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
            else if (lower.matches("\\d+d"))
                duration = Duration.ofDays(Long.parseLong(lower.substring(0, lower.length() - 1)));
            else duration = Duration.parse(lower.startsWith("p") ? lower : "pt" + lower);
            if (!duration.isNegative() && !duration.isZero() && duration.compareTo(Duration.ofDays(36_500)) <= 0)
                return duration;
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, "use a time such as 30s, 15m, 1h or 1d, at most 36500d");
    }

    private static int number(String key, String value, int least, int most, String right) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, right);
    }

    private static double share(String key, String value, boolean aboveZero, String right) {
        double share = decimal(key, value, 0, 1, right);
        if (share == 1 || aboveZero && share == 0) throw wrong(key, value, right);
        return share;
    }

    private static double decimal(String key, String value, double least, double most, String right) {
        try {
            double number = Double.parseDouble(value.strip());
            if (number >= least && number <= most) return number; // NaN is neither
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, right);
    }

    private static IllegalArgumentException wrong(String key, String value, String right) {
        return new IllegalArgumentException(key + " is " + value + ": " + right);
    }
}
