// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 8,000 real tweets in many languages, whose ids are all null. */
class RealTweetsIT {
    private static final int TWEETS = 8000;

    @TempDir
    Path folder;

    @Test
    void everyLineIsPublishedLeftOutOrRejected() throws Exception {
        Path file = Path.of(System.getProperty("deeptweet.data")).resolve("streams/x-chatgpt-2023.jsonl.gz");
        assumeTrue(Files.isReadable(file), "skipped: no real tweets at " + file);
        LocalKafka kafka = LocalKafka.shared();
        try (RunningIngest ingest = RunningIngest.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.by-line.file=" + file,
                        "deeptweet.feeds.by-line.missing-id=line",
                        "deeptweet.feeds.by-id.file=" + file)
                .awaitReady()) {
            JsonNode byLine = ingest.finished("by-line");
            assertThat(byLine.path("read").asInt()).isEqualTo(TWEETS);
            assertThat(byLine.path("published").asInt()
                            + byLine.path("filtered").asInt()
                            + byLine.path("rejected").asInt())
                    .isEqualTo(TWEETS);
            assertThat(byLine.path("filtered").asInt()).isBetween(1, TWEETS - 1);
            assertThat(ingest.tweets("by-line"))
                    .hasSize(byLine.path("published").asInt())
                    .extracting(Tweet::getId)
                    .doesNotHaveDuplicates();

            JsonNode byId = ingest.finished("by-id");
            assertThat(byId.path("rejected").asInt()).isEqualTo(TWEETS);
            assertThat(ingest.rejected("by-id"))
                    .hasSize(TWEETS)
                    .allSatisfy(record -> assertThat(Rejection.readFrom(record.headers())
                                    .orElseThrow()
                                    .reason())
                            .isEqualTo(Rejection.Reason.NO_ID));
            assertThat(ingest.metric("deeptweet_rejected_total{feed=\"by-id\",reason=\"no-id\"}"))
                    .isEqualTo(TWEETS);
        }
    }
}
