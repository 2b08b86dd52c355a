// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts messages to one address, signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says. */
final class WebhookClient {
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(10);
    private static final String BASE64_SECRET = "whsec_";
    private static final String SETTINGS = "deeptweet.alerts.webhooks.";

    private final URI address;
    private final Optional<byte[]> key;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(ANSWERED_WITHIN)
            .version(HttpClient.Version.HTTP_1_1) // some servers take an upgrade to HTTP/2 for one to WebSocket
            .followRedirects(HttpClient.Redirect.NEVER) // the secret and the tweets go nowhere else
            .build();

    /**
     * @param name of the webhook
     * @throws InvalidSettingException if its address or its secret cannot be used; the message shows neither
     */
    WebhookClient(String name, AlertSettings.Webhook settings) {
        address = address(SETTINGS + name + ".url", settings.url());
        key = settings.secret().map(secret -> key(SETTINGS + name + ".secret", secret));
    }

    private static URI address(String setting, String url) {
        try {
            URI address = URI.create(url);
            if (address.getUserInfo() == null && address.getPort() <= 65_535) {
                HttpRequest.newBuilder(address);
                return address;
            }
        } catch (IllegalArgumentException e) {
            // its message would show the address
        }
        throw InvalidSettingException.ofSecret(
                setting, "an address such as https://example.org/alerts, without a user and a password");
    }

    private static byte[] key(String setting, String secret) {
        if (!secret.startsWith(BASE64_SECRET)) return secret.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] key = Base64.getDecoder().decode(secret.substring(BASE64_SECRET.length()));
            if (key.length > 0) return key;
        } catch (IllegalArgumentException e) {
            // its message would show a part of the secret
        }
        throw InvalidSettingException.ofSecret(setting, "base64 after " + BASE64_SECRET);
    }

    /**
     * Posts a message and returns the status of the answer, whose body is not read.
     *
     * @param id the same for each attempt to post the same message
     * @throws IOException if there is no answer in time; its message may hold the address
     */
    int post(String id, String body) throws IOException, InterruptedException {
        String timestamp = Long.toString(Clock.systemUTC().instant().getEpochSecond());
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(ANSWERED_WITHIN)
                .header("Content-Type", "application/json")
                .header("User-Agent", "DeepTweet")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        key.ifPresent(given ->
                request.header("webhook-signature", "v1," + signature(given, id + "." + timestamp + "." + body)));
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close(); // the timeout ends with the headers, and a body may never end
        return answer.statusCode();
    }

    private static String signature(byte[] key, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
