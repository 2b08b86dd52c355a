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
import java.util.List;
import java.util.Optional;

/** The trainer's settings. */
@ConfigMapping(prefix = "deeptweet")
public interface TrainerSettings {
    TopicSettings topics();

    SecuritySettings security();

    Models models();

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

    /** Signed models. */
    interface Models {
        @Setting(
                value = "Ed25519 private key in PEM with which models and activations are signed; give it in the"
                        + " environment.",
                allowed = "one private key in PEM")
        Optional<String> signingKey();

        @Setting(
                value = "The same as a file, which nobody but its owner may read (mode 0600).",
                allowed = "a file with one private key in PEM and mode 0600")
        Optional<Path> signingKeyFile();

        @Setting(
                value = "Ed25519 public keys in PEM, one or more in a file; then models and activations without a"
                        + " signature of one of them are ignored.",
                allowed = "a file with public keys in PEM")
        Optional<Path> publicKeys();
    }

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

        @Setting(
                value = "Largest share of a round's labels that one labeller may have (`labeledBy` up to the first"
                        + " `: `); further labels of that labeller are not used in the round. With fewer labellers,"
                        + " all may have the same number.",
                above = "0",
                to = "1",
                example = "0.5")
        @WithDefault("0.5")
        double labelerShare();

        @Setting(
                value = "How many labellers a round needs; one with labels of fewer makes no model.",
                from = "1",
                to = "1000")
        @WithDefault("1")
        int leastLabelers();

        @Setting(
                value = "How often a round that fails is tried, with pauses of 30 s, 60 s and so on; its labels are"
                        + " kept until then. After the last attempt they are consumed and the round is recorded as"
                        + " failed.",
                from = "1",
                to = "100")
        @WithDefault("3")
        int attempts();

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
                value = "The operator's guard set: labelled texts on which a candidate must not lose, 5000 at most, and"
                        + " best none that a model was trained on; without it, held-out labels from before the last"
                        + " publication are used as well.",
                allowed = RoundPlanFactory.ALLOWED_FILE)
        Optional<Path> file();

        @Setting("Whether the behavioural tests that the program ships, those of the command `check`, belong to the"
                + " guard set; switch them off for a model of another language. Without any test and without"
                + " `deeptweet.guard.file`, no candidate is published.")
        @WithDefault("true")
        boolean behaviour();

        @Setting(
                value = "Files of the operator's own behavioural tests, which belong to the guard set too.",
                allowed = RoundPlanFactory.ALLOWED_CHECKS)
        Optional<List<Path>> checks();
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
                value = "Largest accepted loss of accuracy on the guard set since the best model of the last rounds;"
                        + " 0.005 is half a percentage point.",
                from = "0",
                below = "1",
                example = "0.005")
        @WithDefault("0.005")
        double margin();

        @Setting(
                value = "Largest accepted loss of accuracy on the cases of the behavioural tests since the best model"
                        + " of the last rounds.",
                from = "0",
                below = "1",
                example = "0.02")
        @WithDefault("0.02")
        double behaviourMargin();

        @Setting(
                value = "Largest accepted share of recent tweets that a candidate classifies otherwise than the active"
                        + " model; 1 accepts any.",
                above = "0",
                to = "1",
                example = "0.15")
        @WithDefault("0.15")
        double changedVerdicts();

        @Setting(
                value = "Number of the latest scored tweets of each partition on which verdicts are compared; 0 for"
                        + " none. With fewer than 100 different texts in all, nothing is compared.",
                from = "0",
                to = "100000")
        @WithDefault("1000")
        int recentTweets();
    }
}
