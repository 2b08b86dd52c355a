// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.deeptweet.local.BrokerSecurity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A gateway before a schema registry that speaks TLS and asks for the passwords of the broker's users. */
final class RegistryGateway implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BrokerSecurity security;
    private final String registry;
    private final HttpsServer server;

    RegistryGateway(BrokerSecurity security, String registryUrl) throws IOException, GeneralSecurityException {
        this.security = security;
        URI url = URI.create(registryUrl);
        this.registry = "http://" + url.getAuthority();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.setExecutor(threads);
        server.createContext("/", this::pass).setAuthenticator(new BasicAuthenticator("registry") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return password.equals(security.passwords().get(user));
            }
        });
        server.start();
    }

    /** What a user's clients need, for the registry and for the broker. */
    Map<String, String> clientSettings(String user) {
        Map<String, String> settings = new HashMap<>(security.clientSettings(user));
        settings.put(
                "schema.registry.url",
                "https://localhost:" + server.getAddress().getPort() + "/apis/ccompat/v7");
        settings.put("schema.registry.ssl.truststore.location", security.store().toString());
        settings.put("schema.registry.ssl.truststore.password", security.storePassword());
        settings.put("schema.registry.ssl.truststore.type", "PKCS12");
        settings.put("basic.auth.credentials.source", "USER_INFO");
        settings.put("basic.auth.user.info", user + ":" + security.passwords().get(user));
        return settings;
    }

    private SSLContext tls() throws IOException, GeneralSecurityException {
        char[] password = security.storePassword().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(security.store())) {
            store.load(file, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(registry + exchange.getRequestURI()));
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (body.length > 0)
                request.header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"));
            request.method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            answer.headers().firstValue("Content-Type").orElse("application/json"));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
