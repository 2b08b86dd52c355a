// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A provider as OpenID Connect Discovery 1.0 describes it: its metadata, its key, and tokens signed with it. */
public final class FakeOidcProvider implements QuarkusTestResourceLifecycleManager {
    private static final KeyPair KEY = keyPair();
    private static volatile String issuer = "";

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        answer(
                "/.well-known/openid-configuration",
                JsonObject.of(
                        "issuer",
                        issuer,
                        "jwks_uri",
                        issuer + "/jwks",
                        "token_endpoint",
                        issuer + "/token",
                        "authorization_endpoint",
                        issuer + "/authorize",
                        "subject_types_supported",
                        JsonArray.of("public"),
                        "id_token_signing_alg_values_supported",
                        JsonArray.of("RS256")));
        RSAPublicKey key = (RSAPublicKey) KEY.getPublic();
        answer(
                "/jwks",
                JsonObject.of(
                        "keys",
                        JsonArray.of(JsonObject.of(
                                "kty", "RSA",
                                "kid", "1",
                                "alg", "RS256",
                                "use", "sig",
                                "n", number(key.getModulus()),
                                "e", number(key.getPublicExponent())))));
        server.start();
        return Map.of(
                "quarkus.oidc.tenant-enabled", "true",
                "quarkus.oidc.auth-server-url", issuer,
                "quarkus.oidc.token.audience", "deeptweet");
    }

    private void answer(String path, JsonObject json) {
        byte[] body = json.encode().getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @Override
    public void stop() {
        server.stop(0);
    }

    static String issuer() {
        return issuer;
    }

    static KeyPair key() {
        return KEY;
    }

    /** @param groups the claim that holds the roles */
    static String token(
            KeyPair signer, String issuer, String audience, String name, Instant expires, List<String> groups) {
        JsonObject claims = JsonObject.of(
                "iss",
                issuer,
                "aud",
                audience,
                "sub",
                "subject-of-" + name,
                "preferred_username",
                name,
                "iat",
                Instant.now().getEpochSecond(),
                "exp",
                expires.getEpochSecond(),
                "groups",
                new JsonArray(groups));
        String signed = base64(JsonObject.of("alg", "RS256", "kid", "1", "typ", "JWT")
                        .encode()
                        .getBytes(StandardCharsets.UTF_8))
                + "." + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return base64(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
