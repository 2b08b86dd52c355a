// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.BrokerNode;
import io.deeptweet.local.BrokerSecurity;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every client of ours against a broker and a registry with TLS and passwords, and a broker with ACLs. */
class SecuredKafkaIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path RIGHTS = Path.of("../../docs/operations.md");

    /** Rights whose use needs a shadow model, an invalid record, a drifting feed or a second model. */
    private static final Set<String> NOT_EXERCISED = Set.of(
            "classifier: WRITE TOPIC:LITERAL:tweets.rejected",
            "classifier: WRITE TOPIC:LITERAL:tweets.shadow",
            "operator: WRITE TOPIC:LITERAL:sentiment.audit",
            "operator: WRITE TOPIC:LITERAL:sentiment.models",
            "trainer: READ TOPIC:LITERAL:tweets.shadow",
            "trainer: READ TOPIC:LITERAL:sentiment.drift");

    @TempDir
    static Path folder;

    private static Installation installation;
    private static KafkaBroker broker;
    private static SchemaRegistry registry;
    private static RegistryGateway gateway;
    private static List<AclBinding> documented;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        installation = ScriptProcess.installation(folder);
        documented = AccessRights.documented(RIGHTS);
        Set<String> users = documented.stream()
                .map(acl -> acl.entry().principal().replace("User:", ""))
                .collect(Collectors.toSet());
        assertThat(users).containsExactlyInAnyOrder("ingest", "classifier", "trainer", "operator");
        List<String> all = new ArrayList<>(users);
        all.add("nobody");
        BrokerSecurity security = BrokerSecurity.create(folder.resolve("security"), all);
        broker = KafkaBroker.launch(
                LocalKafka.home(),
                folder.resolve("broker"),
                BrokerNode.single(Ports.free()).secured(security));
        registry = SchemaRegistry.launch(LocalKafka.home(), folder.resolve("registry"), Ports.free());
        broker.awaitReady();
        registry.awaitReady();
        gateway = new RegistryGateway(security, registry.url());
        try (Admin admin = Admin.create(Map.copyOf(client(BrokerSecurity.ADMIN)))) {
            admin.createAcls(documented).all().get();
        }
    }

    @AfterAll
    static void stop() {
        if (gateway != null) gateway.close();
        if (registry != null) registry.close();
        if (broker != null) broker.close();
    }

    @Test
    void theServicesAndCommandsWorkWithTheRightsThatTheDocumentationLists() throws Exception {
        command("topics", "create", "--partitions", "2");
        Map<String, String> feed = Map.of(
                "deeptweet.feeds.replayed.file",
                Files.writeString(folder.resolve("replayed.txt"), "one\ntwo\n").toString(),
                "deeptweet.sources.nowhere.url",
                "ws://localhost:" + Ports.free() + "/subscribe");
        // The next start reads where this one has stopped.
        try (ServiceProcess ingest = service(ServiceType.INGEST, "ingest", feed)) {
            ingest.awaitReady();
            await().atMost(PATIENCE)
                    .until(() -> command("tail", "positions", "--from-beginning", "--until-end")
                            .contains("replayed.txt  pass=0 records=2 "));
        }
        try (ServiceProcess trainer = service(ServiceType.TRAINER, "trainer", Map.of("deeptweet.round.labels", "4"));
                ServiceProcess ingest = service(ServiceType.INGEST, "ingest", feed)) {
            trainer.awaitReady();
            ingest.awaitReady();
            try (ServiceProcess classifier = classifier()) {
                classifier.awaitReady();
                post(ingest, "/tweets?feed=secured", tweets(0, 100));
                await().atMost(PATIENCE).until(() -> scored() == 100);
                CommandRun refused = run("topics", "grow", "--partitions", "3");
                assertThat(refused.err()).contains("stop the classifiers first");
                assertThat(run("status").out()).contains("classifier behind by 0");
                command("tail", "windows", "--from-beginning", "--until-end");
                command("tail", "rejected", "--from-beginning", "--until-end");
            }
            command("topics", "grow", "--partitions", "3");
            try (ServiceProcess classifier = classifier()) {
                classifier.awaitReady();
                post(ingest, "/tweets?feed=secured", tweets(100, 200));
                await().atMost(PATIENCE).until(() -> scored() == 200);
                await().atMost(PATIENCE).until(() -> firstEvent(classifier).startsWith("id:"));
                send(HttpRequest.newBuilder(uri(classifier, "/alerts/rules/quiet"))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(
                                "{\"condition\": \"silence\", \"duration\": \"1s\"}")));
                post(ingest, "/tweets", "[{\"text\": \"without an id\"}]");
                post(ingest, "/tweets", "[{\"delete\": {\"status\": {\"id_str\": \"1\"}}}]");
                post(ingest, "/feeds", "{\"feed\": \"added\", \"source\": \"nowhere\"}");
                assertThat(command("tail", "feeds", "--from-beginning", "--until-end"))
                        .contains("added         active  nowhere");
                label(trainer);
                command("topics", "check");
                command("models");
                command("activate", get(trainer, "/models").replaceAll("(?s).*?\"version\" ?: ?\"([^\"]+)\".*", "$1"));
                await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                    // Reads the deleted tweets too, once there are any.
                    assertThat(get(classifier, "/tweets/secured?limit=200")).contains("tweet 199");
                    assertThat(unused()).isSubsetOf(NOT_EXERCISED);
                });
            }
        }
    }

    private void label(ServiceProcess trainer) throws Exception {
        post(
                trainer,
                "/labels",
                IntStream.range(0, 20)
                        .mapToObj(i -> "{\"id\": \"" + i + "\", \"text\": \"tweet " + i + "\", \"label\": \""
                                + (i % 2 == 0 ? "positive" : "negative") + "\"}")
                        .collect(Collectors.joining(",", "[", "]")));
        post(trainer, "/labels", "[{\"id\": \"1\"}]");
        get(trainer, "/labels/wanted");
        get(trainer, "/audit");
        await().atMost(PATIENCE).until(() -> get(trainer, "/rounds").contains("\"number\""));
    }

    private static Set<String> unused() throws IOException {
        Set<String> unused = AccessRights.lines(documented);
        unused.removeAll(AccessRights.used(broker.process().log()));
        return unused;
    }

    @Test
    void aServiceWithoutRightsSaysWhatItMayNotDo() throws Exception {
        try (ServiceProcess ingest = service(ServiceType.INGEST, "nobody", Map.of())) {
            assertThat(ingest.process().waitFor()).isEqualTo(1);
            assertThat(Files.readString(ingest.process().log()))
                    .contains("ingest cannot start: ")
                    .contains("docs/operations.md");
        }
    }

    private static Map<String, String> client(String user) {
        Map<String, String> settings = new HashMap<>(gateway.clientSettings(user));
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return settings;
    }

    private static ServiceProcess classifier() {
        return service(
                ServiceType.CLASSIFIER,
                "classifier",
                Map.of(
                        "deeptweet.state-dir",
                        folder.resolve("state").toString(),
                        "deeptweet.alerts.webhooks.nowhere.url",
                        "http://localhost:" + Ports.free()));
    }

    private static ServiceProcess service(ServiceType type, String user, Map<String, String> settings) {
        Map<String, String> client = client(user);
        client.put("repartition.purge.interval.ms", "1000");
        return ServiceProcess.launch(installation, type, user, Ports.free(), settings, client, folder);
    }

    /** Runs a command as the operator, which must succeed. */
    private static String command(String... arguments) throws IOException {
        CommandRun run = run(arguments);
        assertThat(run.code()).as(run.err() + run.out()).isZero();
        return run.out();
    }

    private static CommandRun run(String... arguments) throws IOException {
        Path config = folder.resolve("operator.properties");
        Properties properties = new Properties();
        properties.putAll(client("operator"));
        try (Writer writer = Files.newBufferedWriter(config)) {
            properties.store(writer, null);
        }
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--kafka-config", config.toString()));
        return CommandRun.of(installation, all.toArray(String[]::new));
    }

    private static long scored() throws IOException {
        return command("tail", "scored", "--feed=secured", "--from-beginning", "--until-end", "--json")
                .lines()
                .count();
    }

    private static String tweets(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"id\": \"" + i + "\", \"text\": \"tweet " + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void post(ServiceProcess service, String path, String json) throws Exception {
        send(HttpRequest.newBuilder(uri(service, path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private String get(ServiceProcess service, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(service, path)));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 202, 422);
        return answer.body();
    }

    private String firstEvent(ServiceProcess classifier) throws Exception {
        try (InputStream events = http.send(
                        HttpRequest.newBuilder(uri(classifier, "/events")).build(),
                        HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            return new String(events.readNBytes("id:".length()), StandardCharsets.UTF_8);
        }
    }

    private static URI uri(ServiceProcess service, String path) {
        return URI.create("http://localhost:" + service.port() + path);
    }
}
