// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.deeptweet.cli.CommandRun;
import io.deeptweet.cli.stack.Installation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a server that answers as ingest does. */
class FeedsCommandTest {
    private static final String APPLE = "{\"feed\":\"apple\",\"source\":\"Jetstream at localhost\",\"track\":\"apple"
            + " -pear\",\"languages\":\"en,und\",\"state\":\"retrying\",\"read\":28,\"published\":7,\"filtered\":20,"
            + "\"rejected\":1,\"skipped\":0,\"reason\":\"quiet\",\"nextTry\":\"2026-09-20T12:00:00Z\","
            + "\"detail\":\"nothing came\\u001b for 15 s\",\"resumedAfter\":\"\",\"lagSeconds\":0.42}";

    @TempDir
    Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String answer = APPLE;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + type + " " + body);
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theListShowsStateCountsOriginAndTrouble() {
        answer = "[" + APPLE + "]";
        CommandRun run = feeds("list");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "apple         retrying  7 published, 20 filtered, 1 rejected, 0 skipped; 0.4 s behind",
                        " ".repeat(24) + "from Jetstream at localhost; languages en,und; rule apple -pear",
                        " ".repeat(24) + "quiet: nothing came\uFFFD for 15 s; next try at 2026-09-20T12:00:00Z");
        assertThat(feeds("list", "--json").out())
                .contains("\"feed\" : \"apple\"")
                .doesNotContain("\u001b");
        answer = "[]";
        assertThat(feeds("list").out()).startsWith("there is no feed: deeptweet feeds add NAME");
    }

    @Test
    void aFeedIsAddedAsItIsWritten() {
        status = 201;
        CommandRun run =
                feeds("add", "apple", "--source", "bluesky", "--track", "\"apple pie\" -pear", "--languages", "*");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("apple         retrying");
        var unused = feeds("add", "pear", "--source=bluesky");
        assertThat(requests)
                .containsExactly(
                        "POST /feeds application/json {\"feed\":\"apple\",\"source\":\"bluesky\","
                                + "\"track\":\"\\\"apple pie\\\" -pear\",\"languages\":\"*\"}",
                        "POST /feeds application/json {\"feed\":\"pear\",\"source\":\"bluesky\"}");
    }

    @Test
    void aFeedIsPausedResumedAndRemoved() {
        assertThat(feeds("pause", "apple").code()).isZero();
        assertThat(feeds("resume", "apple").code()).isZero();
        status = 204;
        answer = "";
        CommandRun removed = feeds("remove", "apple");
        assertThat(removed.out()).isEqualToIgnoringNewLines("removed apple");
        assertThat(requests)
                .containsExactly(
                        "POST /feeds/apple/pause application/json ",
                        "POST /feeds/apple/resume application/json ",
                        "DELETE /feeds/apple application/json ");
    }

    @Test
    void aRefusalIsIngestsSentenceAndTheExitCodeTellsItsKind() {
        answer = "{\"error\": \"the settings define the feed apple: remove the setting\"}";
        assertFails(409, 1, "deeptweet feeds remove: the settings define the feed apple: remove the setting");
        assertFails(404, 1, "deeptweet feeds remove: the settings define");
        assertFails(503, 3, "remove the setting: try again later");
        answer = "<html>";
        assertFails(400, 1, "ingest answers with status 400");
        answer = "";
        assertFails(403, 3, "use a user with the role operator");
        assertFails(401, 3, "wants credentials: set DEEPTWEET_USER");
    }

    private void assertFails(int status, int code, String sentence) {
        this.status = status;
        CommandRun run = feeds("remove", "apple");
        assertThat(run.err()).contains(sentence);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
    }

    @Test
    void wrongUsageIsNotSent() {
        assertThat(feeds("add", "apple").code()).isEqualTo(2);
        assertThat(feeds("pause", "../apple").err()).contains("the feed's name is \"../apple\": use 1 to 64");
        assertThat(feeds("pause", "../apple").code()).isEqualTo(2);
        assertThat(feeds("stop").code()).isEqualTo(2);
        assertThat(requests).isEmpty();
    }

    @Test
    void ingestThatDoesNotAnswerIsOneSentence() {
        server.stop(0);
        CommandRun run = feeds("list");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("ingest at http://localhost:").contains("does not answer: start it");
    }

    @Test
    void helpHasExamples() {
        assertThat(feeds("--help").out()).contains("Examples:", "deploy/deeptweet feeds add apple --source bluesky");
        for (String command : List.of("list", "add", "pause", "resume", "remove"))
            assertThat(feeds(command, "--help").code()).isZero();
    }

    /** As where a stack runs with ingest at the server's port. */
    private CommandRun feeds(String... arguments) {
        Path running = folder.resolve("running.properties");
        Installation installation = new Installation(folder, Map.of("DEEPTWEET_RUNNING", running.toString()));
        installation
                .runningStack()
                .announce(Map.of("ingest.port", "" + server.getAddress().getPort()));
        String[] all = new String[arguments.length + 1];
        all[0] = "feeds";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CommandRun.of(installation, all);
    }
}
