// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** TLS, client certificates, and a certificate that is replaced while the service runs. */
@QuarkusTest
@TestProfile(TlsIT.Tls.class)
class TlsIT {
    private static final Path FOLDER = folder();
    private static final Path SERVER = FOLDER.resolve("server.p12");
    private static final Path SERVER_TRUST = FOLDER.resolve("server-trust.p12");
    private static final Path CLIENT = FOLDER.resolve("client.p12");
    private static final Path STRANGER = FOLDER.resolve("stranger.p12");
    private static final Path CLIENT_TRUST = FOLDER.resolve("client-trust.p12");

    /** A server with a certificate, which trusts one client's. */
    public static final class Tls implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                TestCertificates.create(SERVER, "localhost");
                TestCertificates.create(CLIENT, "scraper.example");
                TestCertificates.create(STRANGER, "scraper.example");
                TestCertificates.trusting(SERVER_TRUST, CLIENT);
                TestCertificates.trusting(CLIENT_TRUST, SERVER);
                Path users = Files.writeString(
                        FOLDER.resolve("users"),
                        "scraper.example::viewer\nada:" + BcryptUtil.bcryptHash("swordfish") + ":operator\n");
                return Map.of(
                        "quarkus.http.insecure-requests",
                        "disabled",
                        "quarkus.http.test-ssl-port",
                        "0",
                        "quarkus.tls.key-store.p12.path",
                        SERVER.toString(),
                        "quarkus.tls.key-store.p12.password",
                        TestCertificates.PASSWORD,
                        "quarkus.tls.trust-store.p12.path",
                        SERVER_TRUST.toString(),
                        "quarkus.tls.trust-store.p12.password",
                        TestCertificates.PASSWORD,
                        "deeptweet.security.users-file",
                        users.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TestHTTPResource(value = "/sample", tls = true)
    URI sample;

    @Inject
    TlsConfigurationRegistry registry;

    @Inject
    Event<CertificateUpdatedEvent> updated;

    @Test
    void aClientCertificateAuthenticates() throws IOException, GeneralSecurityException, InterruptedException {
        HttpResponse<String> answer = send(List.of(CLIENT), HttpRequest.newBuilder(sample));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("CN=scraper.example");
        assertThat(send(List.of(CLIENT), post()).statusCode()).isEqualTo(403);
    }

    @Test
    void withoutOneAPasswordAuthenticates() throws IOException, GeneralSecurityException, InterruptedException {
        assertThat(send(List.of(), post()).statusCode()).isEqualTo(401);
        String credentials = Http.basic("ada", "swordfish").split(": ", 2)[1];
        assertThat(send(List.of(), post().header("Authorization", credentials)).body())
                .isEqualTo("changed by ada");
        URI health = sample.resolve("/q/health/live");
        assertThat(send(List.of(), HttpRequest.newBuilder(health)).statusCode()).isEqualTo(200);
    }

    /** The name alone is nothing: whoever signs a certificate chooses it. */
    @Test
    void aCertificateThatIsNotTrustedIsRefused() {
        assertThatThrownBy(() -> send(List.of(STRANGER), HttpRequest.newBuilder(sample)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aNewServerCertificateIsUsedWithoutARestart() throws Exception {
        TestCertificates.create(SERVER, "localhost");
        assertThat(send(List.of(CLIENT), HttpRequest.newBuilder(sample)).statusCode())
                .isEqualTo(200); // still the old one
        // What quarkus.tls.reload-period does each time.
        TlsConfiguration tls = registry.getDefault().orElseThrow();
        assertThat(tls.reload()).isTrue();
        updated.fire(new CertificateUpdatedEvent("<default>", tls));
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(e -> !(e instanceof SSLException))
                .untilAsserted(() -> assertThatThrownBy(() -> send(List.of(CLIENT), HttpRequest.newBuilder(sample)))
                        .isInstanceOf(SSLException.class));
        Files.delete(CLIENT_TRUST);
        TestCertificates.trusting(CLIENT_TRUST, SERVER);
        assertThat(send(List.of(CLIENT), HttpRequest.newBuilder(sample)).statusCode())
                .isEqualTo(200);
    }

    private HttpRequest.Builder post() {
        return HttpRequest.newBuilder(sample)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json");
    }

    /** On a connection of its own. */
    private static HttpResponse<String> send(List<Path> client, HttpRequest.Builder request)
            throws IOException, GeneralSecurityException, InterruptedException {
        return HttpClient.newBuilder()
                .sslContext(TestCertificates.context(CLIENT_TRUST, client))
                .build()
                .send(request.build(), BodyHandlers.ofString());
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("certificates");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
