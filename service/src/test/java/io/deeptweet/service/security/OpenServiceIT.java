// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.service.security.Http.Answer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service as it starts without any setting: on this machine, without credentials, but not for other web pages. */
@QuarkusTest
class OpenServiceIT {
    private static final String JSON = "Content-Type: application/json";

    @TestHTTPResource
    URI root;

    private Http http;

    @BeforeEach
    void connect() {
        http = new Http(root);
    }

    @Test
    void aProgramOfThisMachineNeedsNoCredentials() throws IOException {
        assertThat(root.getHost()).isEqualTo("127.0.0.1");
        assertThat(http.get("/sample").body()).endsWith("nobody");
        assertThat(http.post("/sample", JSON).status()).isEqualTo(200);
        assertThat(http.post("/sample", "X-Requested-With: curl").status()).isEqualTo(200);
        assertThat(http.get("/q/metrics").status()).isEqualTo(200);
    }

    /** They are not checked, and make nobody known. */
    @Test
    void credentialsDoNotMatter() throws IOException {
        assertThat(http.get("/sample", Http.basic("ada", "any")).body()).endsWith("nobody");
    }

    /** What {@code fetch(url, {method: 'POST', mode: 'no-cors'})} and forms can send. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: */*",
                "Content-Type: text/plain",
                "Content-Type: TEXT/PLAIN;charset=UTF-8",
                "Content-Type: text/plain; application/json",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: multipart/form-data; boundary=x"
            })
    void aRequestThatAnyPageCanSendChangesNothing(String header) throws IOException {
        Answer answer = http.post("/sample", header);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body()).contains("Content-Type", "application/json").doesNotContain("changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://"})
    void anotherOriginIsRefused(String origin) throws IOException {
        assertThat(http.post("/sample", JSON, "Origin: " + origin).status()).isEqualTo(403);
        Answer read = http.get("/sample", "Origin: " + origin);
        assertThat(read.status()).isEqualTo(403);
        assertThat(read.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aPreflightAllowsNothing() throws IOException {
        Answer answer =
                new Http(root).get("/sample", "Origin: https://evil.example", "Access-Control-Request-Method: POST");
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void aPageOfTheServiceItselfMay() throws IOException {
        assertThat(http.post("/sample", JSON, "Origin: http://" + root.getAuthority())
                        .status())
                .isEqualTo(200);
    }

    /** A page makes its own name resolve to this machine, and is then of the same origin. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:%d", "localhost.evil.example", "127.0.0.1.evil.example"})
    void dnsRebindingIsRefused(String host) throws IOException {
        String name = host.formatted(root.getPort());
        Answer answer = http.get("/sample", "Host: " + name, "Origin: http://" + name);
        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.body()).contains("evil.example", "deeptweet.security.allowed-hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:%d", "LOCALHOST:%d", "127.0.0.1", "[::1]:%d", "10.1.2.3:8091"})
    void namesOfThisMachineAndAddressesAreAllowed(String host) throws IOException {
        assertThat(http.get("/sample", "Host: " + host.formatted(root.getPort()))
                        .status())
                .isEqualTo(200);
    }
}
