// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Roles, HTTP Basic and the rate limit, on all interfaces. */
@QuarkusTest
@TestProfile(SecuredServiceIT.Secured.class)
class SecuredServiceIT {
    private static final String JSON = "Content-Type: application/json";

    /** Four users, one of each role, whose passwords are their names. */
    public static final class Secured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path users = Files.createTempFile("users", "");
                users.toFile().deleteOnExit();
                Files.write(
                        users,
                        Stream.of("viewer", "publisher", "labeler", "operator", "busy")
                                .map(name -> name + ":" + BcryptUtil.bcryptHash(name) + ":"
                                        + (Roles.ALL.contains(name) ? name : "viewer"))
                                .toList());
                return Map.of(
                        "quarkus.http.host", "0.0.0.0",
                        "deeptweet.security.users-file", users.toString(),
                        "deeptweet.security.allowed-hosts", "trainer.example, ingest.example",
                        "deeptweet.security.requests-per-second", "10");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TestHTTPResource
    URI root;

    private Http http;

    @BeforeEach
    void connect() {
        http = new Http(URI.create("http://127.0.0.1:" + root.getPort()));
    }

    @ParameterizedTest
    @CsvSource({
        "viewer, 200, 403",
        "publisher, 403, 200",
        "labeler, 403, 403",
        "operator, 200, 200",
    })
    void eachRoleMayDoItsPart(String role, int read, int change) throws IOException {
        String credentials = Http.basic(role, role);
        assertThat(http.get("/sample", credentials).status()).isEqualTo(read);
        assertThat(http.post("/sample", credentials, JSON).status()).isEqualTo(change);
        assertThat(http.get("/q/metrics", credentials).status()).isEqualTo(read);
        assertThat(http.get("/sample/forgotten", credentials).status()).isEqualTo(403);
    }

    @Test
    void nobodyMayDoAnythingWithoutCredentials() throws IOException {
        for (String path : List.of("/sample", "/sample/forgotten", "/q/metrics")) {
            assertThat(http.get(path).status()).as(path).isEqualTo(401);
            assertThat(http.get(path).header("WWW-Authenticate")).startsWithIgnoringCase("basic");
        }
        assertThat(http.post("/sample", JSON).status()).isEqualTo(401);
    }

    @Test
    void healthChecksNeedNoCredentials() throws IOException {
        assertThat(http.get("/q/health/live").status()).isEqualTo(200);
    }

    @Test
    void namesThatAreConfiguredAreAllowed() throws IOException {
        assertThat(http.get("/q/health/live", "Host: trainer.example").status()).isEqualTo(200);
        assertThat(http.get("/q/health/live", "Host: ingest.example:443").status())
                .isEqualTo(200);
        assertThat(http.get("/q/health/live", "Host: classifier.example").status())
                .isEqualTo(421);
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is this machine
    void guessingAPasswordIsSlowedDown() throws IOException {
        Http guesser = new Http(URI.create("http://127.0.0.1:" + root.getPort()), InetAddress.getByName("127.0.0.2"));
        int guesses = 0;
        Http.Answer answer;
        do answer = guesser.get("/sample", Http.basic("viewer", "guess " + guesses++));
        while (answer.status() == 401 && guesses < 100);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(guesses).isGreaterThan(10);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        assertThat(guesser.get("/q/health/live").status()).isEqualTo(200);
        assertThat(http.get("/sample", Http.basic("viewer", "viewer")).status())
                .as("from another address")
                .isEqualTo(200);
    }

    /** Each user has a share of its own: all of these have one address. */
    @Test
    void aUserWhoSendsTooMuchIsSlowedDown() throws IOException {
        String busy = Http.basic("busy", "busy");
        Http.Answer answer = http.get("/sample", busy);
        for (int i = 0; i < 2000 && answer.status() == 200; i++) answer = http.get("/sample", busy);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(http.get("/sample", Http.basic("viewer", "viewer")).status()).isEqualTo(200);
        assertThat(http.get("/q/health/live", busy).status()).isEqualTo(200);
    }
}
