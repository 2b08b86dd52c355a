// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * TLS, passwords (SASL PLAIN) and ACLs for a broker, for tests of clients: nobody may do anything unless an ACL allows
 * it, except for {@link #ADMIN}.
 *
 * @param store a PKCS #12 file with the key and the self-signed certificate of {@code localhost}
 * @param passwords password of each user, {@link #ADMIN} included
 */
public record BrokerSecurity(Path store, Map<String, String> passwords) {
    /** The user who may do everything. */
    public static final String ADMIN = "admin";

    static final String PROTOCOL = "SASL_SSL";
    private static final String STORE_PASSWORD = "certificate";

    public BrokerSecurity {
        passwords = Map.copyOf(passwords);
        if (!passwords.containsKey(ADMIN)) throw new IllegalArgumentException("there is no user " + ADMIN);
    }

    /**
     * Makes the certificate, and a password for each user.
     *
     * @param folder for the certificate; created if missing
     * @param users beside {@link #ADMIN}
     * @throws StartFailedException if the JDK's {@code keytool} fails
     */
    public static BrokerSecurity create(Path folder, List<String> users) {
        Path store = folder.resolve("localhost.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "localhost",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=DNS:localhost,IP:127.0.0.1",
                "-ext",
                "BC=ca:true", // so that the same file is a trust store
                "-keyalg",
                "EC",
                "-validity",
                "7",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD);
        try {
            Files.createDirectories(folder);
            Process keytool = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (keytool.waitFor() != 0)
                throw new StartFailedException("keytool cannot write " + store + ": exit code " + keytool.exitValue());
        } catch (IOException e) {
            throw new StartFailedException("keytool cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while keytool made a certificate", e);
        }
        Map<String, String> passwords =
                users.stream().collect(Collectors.toMap(user -> user, user -> user + "-secret"));
        passwords.put(ADMIN, ADMIN + "-secret");
        return new BrokerSecurity(store, passwords);
    }

    /** What a user's Kafka clients need, and the registry's client for a registry with the same certificate. */
    public Map<String, String> clientSettings(String user) {
        return Map.of(
                "security.protocol",
                PROTOCOL,
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(user) + ";",
                "ssl.truststore.location",
                store.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD,
                "ssl.truststore.type",
                "PKCS12");
    }

    /** The password of the store and its key. */
    public String storePassword() {
        return STORE_PASSWORD;
    }

    Map<String, String> brokerSettings() {
        String users = passwords.entrySet().stream()
                .map(user -> " user_" + user.getKey() + "=\"" + user.getValue() + "\"")
                .collect(Collectors.joining());
        return Map.ofEntries(
                Map.entry("listener.security.protocol.map", "CONTROLLER:PLAINTEXT," + PROTOCOL + ":" + PROTOCOL),
                Map.entry("security.inter.broker.protocol", PROTOCOL),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                Map.entry("listener.name.sasl_ssl.plain.sasl.jaas.config", login(ADMIN) + users + ";"),
                Map.entry("ssl.keystore.location", store.toString()),
                Map.entry("ssl.keystore.password", STORE_PASSWORD),
                Map.entry("ssl.keystore.type", "PKCS12"),
                Map.entry("ssl.truststore.location", store.toString()),
                Map.entry("ssl.truststore.password", STORE_PASSWORD),
                Map.entry("ssl.truststore.type", "PKCS12"),
                Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("allow.everyone.if.no.acl.found", "false"),
                // Nobody but the broker itself comes by the controller's listener, and so without a name.
                Map.entry("super.users", "User:" + ADMIN + ";User:ANONYMOUS"));
    }

    private String login(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + passwords.get(user) + "\"";
    }
}
