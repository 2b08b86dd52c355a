// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceClientTest {
    /** {@code ada:swordfish}. */
    private static final String BASIC = "Basic YWRhOnN3b3JkZmlzaA==";

    private static final Map<String, String> ADA = Map.of("DEEPTWEET_USER", "ada", "DEEPTWEET_PASSWORD", "swordfish");

    private HttpServer server;
    private String address;

    /** A service that knows ada and a token, and lets ada alone read the page {@code /secret}. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            boolean secret = exchange.getRequestURI().getPath().equals("/secret");
            int status = given.equals(BASIC) ? 200 : !given.equals("Bearer abc") ? 401 : secret ? 403 : 200;
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        address = "localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void credentialsComeFromTheEnvironment() throws IOException {
        assertThat(ServiceClient.of(ADA).get(address, "/secret").statusCode()).isEqualTo(200);
        assertThat(ServiceClient.of(Map.of("DEEPTWEET_TOKEN", "abc")).isReady(address))
                .isTrue();
    }

    @Test
    void aRefusalIsOneSentence() {
        assertThatThrownBy(() -> ServiceClient.of(Map.of()).get(address, "/status"))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessage("http://" + address
                        + "/status wants credentials: set DEEPTWEET_USER and DEEPTWEET_PASSWORD, or DEEPTWEET_TOKEN");
        assertThatThrownBy(
                        () -> ServiceClient.of(Map.of("DEEPTWEET_TOKEN", "old")).get(address, "/status"))
                .hasMessageContaining("refuses the credentials: correct DEEPTWEET_USER");
        assertThatThrownBy(
                        () -> ServiceClient.of(Map.of("DEEPTWEET_TOKEN", "abc")).get(address, "/secret"))
                .hasMessageContaining("is not allowed for these credentials");
    }

    /** A service names the addresses of others, which could be anybody's. */
    @Test
    void credentialsAreNotSentToOtherMachinesInPlainText() {
        ServiceAccess access = ServiceAccess.of(ADA);
        URI here = URI.create("http://127.0.0.1:8091/status");
        URI there = URI.create("http://192.0.2.1:8091/status");
        assertThat(access.authorizationFor(here)).contains(BASIC);
        assertThat(access.authorizationFor(there)).isEmpty();
        assertThat(access.authorizationFor(URI.create("https://192.0.2.1:8091/status")))
                .contains(BASIC);
        assertThat(access.refusal(there, "GET", 401)).endsWith("not sent in plain text: set DEEPTWEET_CA_FILE");
    }

    @Test
    void aCaFileMeansTls(@TempDir Path folder) throws IOException {
        assertThat(ServiceClient.of(Map.of()).url("a:1")).isEqualTo("http://a:1");
        Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        assertThatThrownBy(() -> ServiceClient.of(Map.of("DEEPTWEET_CA_FILE", file.toString())))
                .hasMessageContaining("DEEPTWEET_CA_FILE is " + file + ": use a readable file of PEM certificates");
        Files.writeString(file, "");
        assertThatThrownBy(() -> ServiceClient.of(Map.of("DEEPTWEET_CA_FILE", file.toString())))
                .hasMessageContaining("PEM certificates");
    }

    @Test
    void halfOfTheCredentialsAreAMistake() {
        assertThatThrownBy(() -> ServiceClient.of(Map.of("DEEPTWEET_USER", "ada")))
                .hasMessageContaining("set both DEEPTWEET_USER and DEEPTWEET_PASSWORD");
        assertThatThrownBy(() -> ServiceAccess.of(
                        Map.of("DEEPTWEET_USER", "ada", "DEEPTWEET_PASSWORD", "x", "DEEPTWEET_TOKEN", "abc")))
                .hasMessageContaining("not both");
    }
}
