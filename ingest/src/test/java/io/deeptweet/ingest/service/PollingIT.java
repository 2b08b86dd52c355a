// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.source.live.FakeApi;
import io.deeptweet.ingest.source.live.FakeApi.Reply;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.Tweet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as it is shipped polls an API with labels into a real broker. */
class PollingIT {
    private static final int LATEST = 100;

    @TempDir
    Path folder;

    private final LocalKafka kafka = LocalKafka.shared();
    private final AtomicInteger posts = new AtomicInteger();

    @Test
    void aKilledProcessContinuesWithoutLossOrRepetition() throws Exception {
        posts.set(40);
        try (FakeApi api = new FakeApi(request -> Reply.json(latest()))) {
            try (IngestProcess process = start(api)) {
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> process.client().published("polled") == 40);
                posts.set(70);
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> process.client().published("polled") == 70);
                process.process().kill();
            }
            posts.set(130);
            try (IngestProcess process = start(api)) {
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> process.client().published("polled") == 60);
                assertThat(process.client().feed("polled").path("resumedAfter").asText())
                        .startsWith("the posts polled until 2");
                assertThat(process.client().metric("deeptweet_source_events_total{kind=\"labeled\",source=\"paper\"}"))
                        .isEqualTo(40);
                assertThat(Files.readString(process.process().log())).doesNotContain("s3cret");
            }
            assertThat(api.requests())
                    .allSatisfy(
                            request -> assertThat(request.headers()).containsEntry("authorization", "Bearer s3cret"));
        }
        PublishedRecords records = new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl());
        assertThat(records.tweets("polled"))
                .extracting(Tweet::getText)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 130).mapToObj(i -> "post " + i).toList());
        List<LabeledTweet> labels = records.labels("paper");
        assertThat(labels)
                .extracting(LabeledTweet::getId)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 130)
                        .filter(i -> i % 3 != 2)
                        .mapToObj(i -> "p" + i)
                        .toList());
        assertThat(labels).allSatisfy(label -> {
            boolean positive = Integer.parseInt(label.getId().substring(1)) % 3 == 1;
            assertThat(label.getLabel()).isEqualTo(positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE);
            assertThat(label.getLabeler()).isEqualTo(Labeler.SOURCE);
            assertThat(label.getFeed()).contains("polled");
        });
    }

    private IngestProcess start(FakeApi api) {
        return IngestProcess.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.sources.paper.type=polling",
                        "deeptweet.sources.paper.url=" + api.address("/tweets?lang=en&limit=100"),
                        "deeptweet.sources.paper.token=s3cret",
                        "deeptweet.sources.paper.polling.parameters.query=apple OR pear",
                        "deeptweet.sources.paper.polling.interval=1s",
                        "deeptweet.feeds.polled.source=paper")
                .awaitReady();
    }

    /** The newest posts first, with labels. */
    private String latest() {
        int newest = posts.get();
        return IntStream.range(Math.max(0, newest - LATEST), newest)
                .map(i -> newest - 1 - (i - Math.max(0, newest - LATEST)))
                .mapToObj(i -> "{\"id\": \"p" + i + "\", \"text\": \"post " + i + "\", \"label\": "
                        + List.of("\"negative\"", "\"positive\"", "null").get(i % 3) + "}")
                .collect(Collectors.joining(", ", "{\"tweets\": [", "]}"));
    }
}
