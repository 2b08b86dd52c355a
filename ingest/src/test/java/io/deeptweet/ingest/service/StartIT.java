// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that must wait, and starts that must fail. */
class StartIT {
    private static final String TWEET = "{\"id\": \"1\", \"text\": \"hello\"}";

    @TempDir
    Path folder;

    @Test
    void theBrokerAndTheRegistryMayStartAfterTheService() throws Exception {
        int brokerPort = Ports.free();
        int registryPort = Ports.free();
        String bootstrapServers = "localhost:" + brokerPort;
        String registryUrl = "http://localhost:" + registryPort + "/apis/ccompat/v7";
        try (IngestProcess process = IngestProcess.start(folder, bootstrapServers, registryUrl)) {
            IngestClient ingest = process.client();
            awaitLog(process, "waiting for Kafka at " + bootstrapServers);
            assertThat(ingest.get("/q/health/ready").body()).contains("waiting for Kafka at " + bootstrapServers);
            assertThat(ingest.readiness()).isEqualTo(503);
            HttpResponse<String> answer = ingest.push("early", "application/json", TWEET);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(ingest.get("/feeds").body()).isEqualTo("[]");

            try (KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), brokerPort)) {
                awaitLog(process, "waiting for the schema registry (kafka.schema.registry.url)");
                assertThat(ingest.readiness()).isEqualTo(503);
                try (SchemaRegistry registry =
                        SchemaRegistry.start(LocalKafka.home(), folder.resolve("registry"), registryPort)) {
                    assertThat(registry.url()).isEqualTo(registryUrl);
                    process.awaitReady();
                    assertThat(ingest.push("early", "application/json", TWEET).statusCode())
                            .isEqualTo(200);
                    assertThat(new PublishedRecords(broker.bootstrapServers(), registryUrl).tweets("early"))
                            .hasSize(1);
                }
            }
            assertThat(Files.readString(process.process().log())).doesNotContain("\tat ");
        }
    }

    @Test
    void anAddressThatCannotBeResolvedEndsTheStart() throws Exception {
        assertThat(failedStart("no.such.host.invalid:9092"))
                .contains("ingest cannot start: ")
                .contains("No resolvable bootstrap urls");
    }

    @Test
    void aWrongSettingEndsTheStart() throws Exception {
        assertThat(failedStart("localhost:" + Ports.free(), "deeptweet.feeds.x.file=/nowhere.jsonl"))
                .contains("deeptweet.feeds.x.file is /nowhere.jsonl: use a file that exists");
        assertThat(failedStart("localhost:" + Ports.free(), "deeptweet.push.largest-batch=many"))
                .contains("deeptweet.push.largest-batch is many: use 1 to 100000");
    }

    private String failedStart(String bootstrapServers, String... settings) throws Exception {
        String registryUrl = "http://localhost:" + Ports.free();
        try (IngestProcess process = IngestProcess.start(folder, bootstrapServers, registryUrl, settings)) {
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> !process.process().isAlive());
            assertThat(process.process().waitFor()).isEqualTo(1);
            String log = Files.readString(process.process().log());
            assertThat(log).doesNotContain("\tat ");
            return log;
        }
    }

    private static void awaitLog(IngestProcess process, String text) {
        await().atMost(IngestProcess.PATIENCE).until(() -> process.process().hasLogged(text));
    }
}
