// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.security.SecuritySettings;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Setting;
import io.deeptweet.service.settings.TopicSettings;
import io.deeptweet.trainer.train.FrozenLayers;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The trainer's settings. */
@ConfigMapping(prefix = "deeptweet")
public interface TrainerSettings {
    TopicSettings topics();

    SecuritySettings security();

    Labels labels();

    Round round();

    Rehearsal rehearsal();

    Guard guard();

    Gate gate();

    @Setting("Whether the default model is published and activated if `sentiment.models` holds no model.")
    @WithDefault("true")
    boolean publishDefault();

    @Setting(
            value = "How many of the newest models a publication leaves on `sentiment.models`; the active model, the"
                    + " shadow and their parents stay in any case.",
            from = "1",
            to = "1000000")
    @WithDefault("10")
    int keepModels();

    /** Labels over HTTP. */
    interface Labels {
        @Setting(value = "Most labels of one `POST /labels`.", from = "1", to = "100000")
        @WithDefault("1000")
        int largestBatch();

        @Setting(
                value = "Seconds for which `POST /labels` waits for Kafka before it answers 503.",
                from = "1",
                to = "3600")
        @WithDefault("30")
        int timeoutSeconds();

        @Setting(
                value = "Number of the latest scored tweets of each partition among which `GET /labels/wanted`"
                        + " selects.",
                from = "1",
                to = "100000")
        @WithDefault("5000")
        int wantedFrom();
    }

    /** When a round starts, and how it trains. */
    interface Round {
        @Setting(value = "Number of new labels that starts a round.", from = "1", to = "1000000")
        @WithDefault("1000")
        int labels();

        @Setting(
                value = "Time after the first new label after which a round starts with fewer labels.",
                above = "0s",
                to = "36500d",
                allowed = "longer than 0s, at most 36500d, such as 15m or 1h")
        @WithConverter(DurationConverter.class)
        @WithDefault("1h")
        Duration patience();

        @Setting(
                value = "Time after the first new label after which a round starts while `sentiment.drift` has an"
                        + " alarm of"
                        + " a feed that the active model alone scored; each window of drift starts one round"
                        + " at most.",
                above = "0s",
                to = "36500d",
                allowed = "longer than 0s, at most 36500d, such as 5m")
        @WithConverter(DurationConverter.class)
        @WithDefault("5m")
        Duration patienceInDrift();

        @Setting(
                value = "About the most new labels of one round, at least `deeptweet.round.labels`; as many are kept in"
                        + " memory, and later ones wait on the topic.",
                from = "1",
                to = "100000")
        @WithDefault("10000")
        int largest();

        @Setting(value = "Most epochs; early stopping may end the training before.", from = "1", to = "100")
        @WithDefault("3")
        int epochs();

        @Setting(
                value = "Adam's first learning rate, which falls linearly to zero.",
                above = "0",
                to = "1",
                example = "0.0005")
        @WithDefault("0.0005")
        double learningRate();

        @Setting("The part of the active model that is not trained; `encoder` trains the last layer only.")
        @WithDefault("embedding")
        FrozenLayers freeze();

        @Setting(
                value = "Threads of the native training library; more than one take from what the rest of the machine"
                        + " has.",
                from = "1",
                to = "1024")
        @WithDefault("1")
        int threads();
    }

    /** Earlier texts that are trained on again, so that they are not forgotten. */
    interface Rehearsal {
        @Setting(
                value = "Earlier texts that are trained on again per new text, computed from 1000 new texts at least.",
                from = "0",
                to = "100")
        @WithDefault("1")
        double ratio();

        @Setting(value = "Most earlier labels that are kept for training, a random sample.", from = "1", to = "1000000")
        @WithDefault("20000")
        int most();

        @Setting(
                value = "Labelled texts that are kept for rehearsal as well, such as the training data of the first"
                        + " model; a"
                        + " fifth of them is held out.",
                allowed = RoundPlanFactory.ALLOWED_FILE)
        Optional<Path> file();
    }

    /** The guard set. */
    interface Guard {
        @Setting(
                value = "The guard set: labelled texts on which a candidate must not lose, 5000 at most, and best none"
                        + " that a model was trained on; without it, held-out labels from before the last publication"
                        + " are used.",
                allowed = RoundPlanFactory.ALLOWED_FILE)
        Optional<Path> file();
    }

    /** What a candidate must pass. */
    interface Gate {
        @Setting(
                value = "Significance level: a candidate is published only if the one-sided p of its gain on held-out"
                        + " new labels (McNemar's test, mid-p) is at most this.",
                above = "0",
                below = "1",
                example = "0.05")
        @WithDefault("0.05")
        double level();

        @Setting(
                value = "Largest accepted loss of accuracy on the guard set; 0.005 is half a percentage point.",
                from = "0",
                below = "1",
                example = "0.005")
        @WithDefault("0.005")
        double margin();
    }
}
