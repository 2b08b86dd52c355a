// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookClientTest {
    private static final String SECRET = "a secret of sixteen";

    private record Settings(String url, Optional<String> secret) implements AlertSettings.Webhook {
        @Override
        public AlertSettings.WebhookFormat format() {
            return AlertSettings.WebhookFormat.JSON;
        }

        @Override
        public Duration giveUpAfter() {
            return Duration.ofDays(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ops:hidden@example.org/alerts",
                "https://[hidden",
                "https://hidden_name/alerts",
                "http://:80/hidden",
                "http://example.org:70000/hidden",
                "https://example.org/hidden{}"
            })
    void anAddressThatCannotBePostedToStopsTheStartAndIsNotShown(String url) {
        assertThatThrownBy(() -> new WebhookClient("ops", new Settings(url, Optional.of(SECRET))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("deeptweet.alerts.webhooks.ops.url has a wrong value")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_", "whsec_hidden-not-base64"})
    void aSecretThatIsNotBase64StopsTheStartAndIsNotShown(String secret) {
        assertThatThrownBy(() -> new WebhookClient("ops", new Settings("https://example.org", Optional.of(secret))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("deeptweet.alerts.webhooks.ops.secret has a wrong value")
                .hasMessageNotContaining("hidden");
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAnswerThatNeverEndsCounts() throws Exception {
        CountDownLatch posted = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> endless(exchange, posted));
        server.start();
        try {
            String url = "http://localhost:" + server.getAddress().getPort() + "/";
            assertThat(new WebhookClient("ops", new Settings(url, Optional.of(SECRET))).post("id", "{}"))
                    .isEqualTo(200);
        } finally {
            posted.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** Sends a part of a body, and the next one not before the answer was taken. */
    private static void endless(HttpExchange exchange, CountDownLatch posted) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(new byte[1000]);
        exchange.getResponseBody().flush();
        try {
            posted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
