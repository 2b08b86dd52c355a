// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes key stores by the JDK's {@code keytool}. */
final class TestCertificates {
    static final String PASSWORD = "changeit";

    private TestCertificates() {}

    /** A key with a certificate of its own for {@code localhost} and 127.0.0.1. */
    static Path create(Path store, String commonName) throws IOException {
        Files.deleteIfExists(store);
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "key",
                "-dname",
                "CN=" + commonName + ", O=Test",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-keystore",
                store.toString());
        return store;
    }

    /** A store with the certificate of another one. */
    static Path trusting(Path store, Path other) throws IOException {
        Path certificate = Files.createTempFile("certificate", ".cer");
        keytool("-exportcert", "-alias", "key", "-keystore", other.toString(), "-file", certificate.toString());
        keytool("-importcert", "-noprompt", "-alias", "key", "-keystore", store.toString(), "-file", "" + certificate);
        Files.delete(certificate);
        return store;
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) throw new IOException(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** @param client empty for a client without a certificate */
    static SSLContext context(Path trust, List<Path> client) throws IOException, GeneralSecurityException {
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(trust));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(client.isEmpty() ? null : load(client.get(0)), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }
}
