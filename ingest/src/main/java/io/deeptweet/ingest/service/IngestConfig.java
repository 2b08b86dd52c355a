// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/**
 * Ingest's settings as they are written, each explained in {@code application.properties}. {@link Settings} reads them,
 * so that a wrong one can be named in a sentence.
 */
@ConfigMapping(prefix = "deeptweet")
public interface IngestConfig {
    Topics topics();

    Map<String, Source> feeds();

    Push push();

    interface Topics {
        @WithDefault("4")
        String partitions();

        @WithDefault("-1")
        String replicationFactor();
    }

    interface Source {
        @WithDefault("replay")
        String source();

        Optional<String> file();

        @WithDefault("auto")
        String format();

        @WithDefault("0")
        String rate();

        @WithDefault("once")
        String repeat();

        @WithDefault("keep")
        String createdAt();

        @WithDefault("reject")
        String missingId();

        @WithDefault("en,und")
        String languages();

        Map<String, String> columns();

        @WithDefault("524288")
        String largestRecord();
    }

    interface Push {
        @WithDefault("push")
        String defaultFeed();

        @WithDefault("en,und")
        String languages();

        @WithDefault("1000")
        String largestBatch();

        @WithDefault("30")
        String timeoutSeconds();
    }
}
