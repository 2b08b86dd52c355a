// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deeptweet.cli.ScriptProcess.Result;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.KafkaCluster;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.schemas.topic.FoundTopic;
import io.deeptweet.schemas.topic.SingleReplicaException;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, of which one is killed. */
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int BATCH = 50;

    @TempDir
    static Path folder;

    private static Installation installation;
    private static KafkaCluster cluster;
    private static SchemaRegistry registry;
    private static Map<String, String> client;
    private static Admin admin;

    private final HttpClient http = HttpClient.newHttpClient();
    private int sent;

    @BeforeAll
    static void start() {
        installation = ScriptProcess.installation(folder);
        registry = SchemaRegistry.launch(LocalKafka.home(), folder.resolve("registry"), Ports.free());
        cluster = KafkaCluster.start(LocalKafka.home(), folder.resolve("brokers"), 3);
        registry.awaitReady();
        client = Map.of("bootstrap.servers", cluster.bootstrapServers(), "schema.registry.url", registry.url());
        admin = Admin.create(Map.copyOf(client));
    }

    @AfterAll
    static void stop() {
        if (admin != null) admin.close(Duration.ZERO);
        if (cluster != null) cluster.close();
        if (registry != null) registry.close();
    }

    /** Two brokers, one after the other, so that every leader and coordinator is lost once or has to take over. */
    @Test
    void streamIngestAndTrainerLoseNothingWithOneBrokerOfThree() throws Exception {
        try (ServiceProcess trainer = service(ServiceType.TRAINER, Map.of());
                ServiceProcess classifier = service(
                        ServiceType.CLASSIFIER,
                        Map.of("deeptweet.state-dir", folder.resolve("state").toString()));
                ServiceProcess ingest = service(ServiceType.INGEST, Map.of())) {
            for (ServiceProcess each : List.of(trainer, classifier, ingest)) each.awaitReady();
            assertThat(topics().values()).hasSizeGreaterThan(10).allSatisfy(topic -> {
                assertThat(topic.replicas()).as(topic.name()).isEqualTo(3);
                assertThat(topic.settings()).as(topic.name()).containsEntry("min.insync.replicas", "2");
            });
            send(ingest, 10);

            cluster.kill(1);
            send(ingest, 20);
            label(trainer);
            activateAgain(trainer);
            cluster.restart(1);
            await().atMost(PATIENCE).until(ClusterIT::allInSync);
            send(ingest, 5);

            cluster.kill(2);
            send(ingest, 20);
            label(trainer);
            activateAgain(trainer);

            StreamRecords records = new StreamRecords(client, "cluster");
            await().atMost(PATIENCE).untilAsserted(() -> {
                records.read();
                assertThat(records.ids()).hasSize(sent);
                assertThat(records.countedBySize())
                        .hasSize(3)
                        .allSatisfy((size, count) -> assertThat(count)
                                .as("tweets in windows of %s", size)
                                .isEqualTo(sent));
            });
            assertThat(records.scored()).as("records, each id once").isEqualTo(sent);
            for (ServiceProcess each : List.of(trainer, classifier, ingest))
                await(each.name()).atMost(PATIENCE).until(each::isReady);
            cluster.restart(2);
        }
    }

    @Test
    void topicsThatOneBrokerCouldLoseAreRefusedUnlessAllowed() {
        Topic topic = new Topic("fragile", OptionalInt.of(1), Map.of());
        assertThatThrownBy(() -> new TopicSetup(1, (short) 1).ensure(admin, List.of(topic)))
                .isInstanceOf(SingleReplicaException.class)
                .hasMessageContaining("topic fragile would get one replica on 3 brokers");
        TopicSetup.Outcome allowed = new TopicSetup(1, (short) 1, true).ensure(admin, List.of(topic));
        assertThat(allowed.created()).containsExactly("fragile");
        assertThat(allowed.differences()).extracting(TopicDifference::setting).containsExactly("replicas");
        assertThatThrownBy(() -> new TopicSetup(1, (short) 1).ensure(admin, List.of(topic)))
                .hasMessageContaining("topic fragile has replicas 1 where DeepTweet needs more on 3 brokers");
    }

    private static Map<String, FoundTopic> topics() {
        return TopicAdmin.describe(
                admin,
                TopicAdmin.names(admin).stream()
                        .filter(name -> name.matches("(tweets|sentiment)\\..*|deeptweet-.*"))
                        .toList());
    }

    private static boolean allInSync() {
        List<String> names = TopicAdmin.names(admin).stream()
                .filter(name -> !name.equals("fragile"))
                .toList();
        return TopicAdmin.await(admin.describeTopics(names).allTopicNames()).values().stream()
                .map(TopicDescription::partitions)
                .flatMap(List::stream)
                .allMatch(partition -> partition.isr().size() == 3);
    }

    private void send(ServiceProcess ingest, int batches) throws Exception {
        for (int i = 0; i < batches; i++) {
            String tweets = IntStream.range(sent, sent + BATCH)
                    .mapToObj(id -> "{\"id\": \"" + id + "\", \"text\": \"tweet " + id + "\"}")
                    .collect(Collectors.joining(",", "[", "]"));
            post(ingest, "/tweets?feed=cluster", tweets);
            sent += BATCH;
        }
    }

    private void label(ServiceProcess trainer) throws Exception {
        post(trainer, "/labels", "[{\"id\": \"1\", \"text\": \"tweet 1\", \"label\": \"positive\"}]");
    }

    /** A transaction of the publisher, of which the trainer holds the same id. */
    private void activateAgain(ServiceProcess trainer) throws Exception {
        String models = http.send(request(trainer, "/models").build(), HttpResponse.BodyHandlers.ofString())
                .body();
        String version = models.replaceAll("(?s).*?\"version\" ?: ?\"([^\"]+)\".*", "$1");
        Result activated = ScriptProcess.run(
                folder,
                PATIENCE,
                "activate",
                version,
                "--bootstrap-servers",
                cluster.bootstrapServers(),
                "--registry",
                registry.url());
        assertThat(activated.code()).as(activated.output()).isZero();
    }

    private void post(ServiceProcess service, String path, String json) throws Exception {
        HttpResponse<String> answer = http.send(
                request(service, path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static HttpRequest.Builder request(ServiceProcess service, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path));
    }

    private static ServiceProcess service(ServiceType type, Map<String, String> settings) {
        return ServiceProcess.launch(installation, type, type.label(), Ports.free(), settings, client, folder);
    }
}
