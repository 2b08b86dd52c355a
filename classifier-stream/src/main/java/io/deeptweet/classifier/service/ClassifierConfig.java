// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/**
 * The classifier's settings as they are written, each explained in {@code application.properties}. {@link Settings}
 * reads them, so that a wrong one can be named in a sentence.
 */
@ConfigMapping(prefix = "deeptweet")
public interface ClassifierConfig {
    Topics topics();

    Window window();

    Map<String, Feed> feeds();

    Drift drift();

    @WithDefault("deeptweet-classifier")
    String applicationId();

    Optional<String> threads();

    @WithDefault("true")
    String scoring();

    @WithDefault(".deeptweet/classifier")
    String stateDir();

    @WithDefault("localhost:8091")
    String address();

    interface Topics {
        @WithDefault("4")
        String partitions();

        @WithDefault("-1")
        String replicationFactor();
    }

    interface Window {
        @WithDefault("10s,1m,1h")
        String sizes();

        @WithDefault("1d")
        String grace();
    }

    interface Feed {
        @WithDefault("0")
        String strongestWords();
    }

    interface Drift {
        @WithDefault("1h")
        String window();

        @WithDefault("200")
        String leastTweets();

        @WithDefault("0.1")
        String uncertainBand();

        @WithDefault("0.2")
        String unknown();

        @WithDefault("0.4")
        String uncertain();

        @WithDefault("0.25")
        String psi();
    }
}
