// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * The trainer's settings as they are written, each explained in {@code application.properties}. {@link Settings} reads
 * them, so that a wrong one can be named in a sentence.
 */
@ConfigMapping(prefix = "deeptweet")
public interface TrainerConfig {
    Topics topics();

    Labels labels();

    Round round();

    Rehearsal rehearsal();

    Guard guard();

    Gate gate();

    /** Publish and activate the model that DeepTweet ships, where the model topic holds none. */
    @WithDefault("true")
    boolean publishDefault();

    /** How many of the newest models a publication leaves on the model topic. */
    @WithDefault("10")
    String keepModels();

    interface Topics {
        @WithDefault("4")
        String partitions();

        @WithDefault("-1")
        String replicationFactor();
    }

    interface Labels {
        @WithDefault("1000")
        String largestBatch();

        @WithDefault("30")
        String timeoutSeconds();

        @WithDefault("5000")
        String wantedFrom();
    }

    interface Round {
        @WithDefault("1000")
        String labels();

        @WithDefault("1h")
        String patience();

        @WithDefault("5m")
        String patienceInDrift();

        @WithDefault("10000")
        String largest();

        @WithDefault("3")
        String epochs();

        @WithDefault("0.0005")
        String learningRate();

        @WithDefault("embedding")
        String freeze();

        @WithDefault("1")
        String threads();
    }

    interface Rehearsal {
        @WithDefault("1")
        String ratio();

        @WithDefault("20000")
        String most();

        Optional<String> file();
    }

    interface Guard {
        Optional<String> file();
    }

    interface Gate {
        @WithDefault("0.05")
        String level();

        @WithDefault("0.005")
        String margin();
    }
}
