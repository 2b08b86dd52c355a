// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void recordsAndSchemaIdsSurviveARestart(@TempDir Path data) throws Exception {
        int brokerPort = Ports.free();
        int registryPort = Ports.free();
        // One generated id in 64 looks like an option.
        BrokerNode node = new BrokerNode(1, brokerPort, List.of(Ports.free()), "-kSVtkQ_SmWTyHyHZL0vGg", Map.of());
        String id;
        try (KafkaBroker broker = KafkaBroker.launch(LocalKafka.home(), data.resolve("broker"), node);
                SchemaRegistry registry =
                        SchemaRegistry.start(LocalKafka.home(), data.resolve("registry"), registryPort)) {
            broker.awaitReady();
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t"),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                var unused = producer.send(new ProducerRecord<>("kept", 0, "key", "value"));
                producer.commitTransaction();
            }
            register(registry, "first", "string");
            id = register(registry, "second", "long");
            createArchive(broker.classData());
            createArchive(registry.classData());
        }
        try (KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), data.resolve("broker"), brokerPort);
                SchemaRegistry registry =
                        SchemaRegistry.start(LocalKafka.home(), data.resolve("registry"), registryPort)) {
            assertThat(read(broker, "kept")).containsExactly("value");
            assertThat(register(registry, "second", "long")).isEqualTo(id);
        }
    }

    /** The second start uses it, and so do all later tests, whose brokers start in half the time. */
    private static void createArchive(Optional<ClassDataArchive> classData) throws InterruptedException {
        ClassDataArchive archive = classData.orElseThrow();
        archive.create();
        assertThat(archive.optionsIfMade())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("-XX:SharedArchiveFile=");
    }

    @Test
    void whatIsClosedLeavesNeitherProcessNorFile() throws Exception {
        Path folder;
        long pid;
        try (LocalKafka kafka = LocalKafka.start()) {
            pid = kafka.broker().process().pid();
            folder = kafka.broker().process().log().getParent().getParent();
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThat(folder).exists();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void aPortInUseIsReportedInASentence(@TempDir Path data) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> KafkaBroker.start(LocalKafka.home(), data, taken.getLocalPort()))
                    .isInstanceOf(StartFailedException.class)
                    .hasMessage("port " + taken.getLocalPort()
                            + ", which the Kafka broker wants, is in use: stop the program that listens on it, or"
                            + " choose another port");
        }
    }

    /** Nobody has checked the port of its controller, and the broker logs much after the reason. */
    @Test
    void aBrokerThatEndsShowsTheErrorsOfItsLog(@TempDir Path data) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerNode node =
                    new BrokerNode(1, Ports.free(), List.of(taken.getLocalPort()), "kSVtkQ_SmWTyHyHZL0vGgg", Map.of());
            try (KafkaBroker broker = KafkaBroker.launch(LocalKafka.home(), data, node)) {
                assertThatThrownBy(broker::awaitReady)
                        .isInstanceOf(StartFailedException.class)
                        .hasMessageContaining("Address already in use");
            }
        }
    }

    @Test
    void aFolderThatIsAFileIsReportedInASentence(@TempDir Path data) throws IOException {
        Path file = Files.writeString(data.resolve("file"), "");
        assertThatThrownBy(() -> KafkaBroker.start(LocalKafka.home(), file, Ports.free()))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("cannot use " + file);
    }

    @Test
    void aChildThatDiesShowsTheEndOfItsLog(@TempDir Path data) {
        ChildProcess child = ChildProcess.java("a child", List.of("NoSuchClass"), Map.of(), data, data.resolve("log"));
        assertThatThrownBy(() -> child.await(() -> false, Duration.ofSeconds(30)))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("a child ended with exit code 1")
                .hasMessageContaining("NoSuchClass");
    }

    @Test
    void aLogWithALimitHoldsTheWholeOutputOnceTheChildHasEnded(@TempDir Path data) throws Exception {
        ChildProcess child = ChildProcess.java(
                "a child",
                List.of("-cp", System.getProperty("java.class.path"), Talker.class.getName()),
                Map.of(),
                data,
                data.resolve("log"),
                new LogLimit(10_000, 100));
        assertThat(child.waitFor()).isZero();
        StringBuilder output = new StringBuilder();
        for (Path file : RotatingLog.files(child.log())) output.append(Files.readString(file));
        assertThat(output.toString().lines())
                .containsExactlyElementsOf(IntStream.range(0, Talker.LINES)
                        .mapToObj(i -> "line " + i)
                        .toList());
        assertThat(child.hasLogged("line 0")).as("in an earlier file").isTrue();
        child.close();
    }

    /** Prints lines. */
    static final class Talker {
        static final int LINES = 10_000;

        public static void main(String[] arguments) {
            for (int i = 0; i < LINES; i++) System.out.println("line " + i);
        }
    }

    /** A program of ours starts another and is killed with the signal that nothing can answer. */
    @Test
    void aChildEndsWithAParentThatWasKilled(@TempDir Path data) throws Exception {
        String classPath = System.getProperty("java.class.path");
        ChildProcess parent = ChildProcess.java(
                "a parent",
                List.of("-cp", classPath, Parent.class.getName(), data.toString()),
                Map.of(),
                data,
                data.resolve("parent.log"));
        parent.await(() -> parent.hasLogged("child "), Duration.ofSeconds(60));
        ProcessHandle child = ProcessHandle.of(
                        Long.parseLong(Files.readString(parent.log()).replaceAll("(?s).*child (\\d+)\\R.*", "$1")))
                .orElseThrow();
        assertThat(child.isAlive()).isTrue();
        try {
            parent.kill();
            child.onExit().get(60, TimeUnit.SECONDS);
        } finally {
            child.destroyForcibly();
            parent.close();
        }
    }

    /** Starts a child that would run for ever. */
    static final class Parent {
        public static void main(String[] arguments) throws InterruptedException {
            Path data = Path.of(arguments[0]);
            ChildProcess child = ChildProcess.java(
                    "a child",
                    List.of("-cp", System.getProperty("java.class.path"), Sleeper.class.getName()),
                    Map.of(),
                    data,
                    data.resolve("child.log"));
            System.out.println("child " + child.pid());
            child.waitFor();
        }
    }

    /** Sleeps. */
    static final class Sleeper {
        public static void main(String[] arguments) throws InterruptedException {
            Thread.currentThread().join();
        }
    }

    private String register(SchemaRegistry registry, String subject, String type) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"schema\": \"\\\"" + type + "\\\"\"}"))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private static List<String> read(KafkaBroker broker, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < deadline; ) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty())
                    return records.records(partitions.get(0)).stream()
                            .map(record -> record.value())
                            .toList();
            }
            return List.of();
        }
    }
}
