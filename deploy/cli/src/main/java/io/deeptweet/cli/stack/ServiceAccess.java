// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.trainer.command.CommandFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How services are asked: with which credentials, and whether over TLS.
 *
 * @param authorization value of the header {@code Authorization}; empty without credentials
 * @param tls trusts the certificates of {@link #CA_FILE}; empty for plain HTTP
 */
record ServiceAccess(Optional<String> authorization, Optional<SSLContext> tls) {
    static final String USER = "DEEPTWEET_USER";
    static final String PASSWORD = "DEEPTWEET_PASSWORD";
    static final String TOKEN = "DEEPTWEET_TOKEN";
    static final String CA_FILE = "DEEPTWEET_CA_FILE";

    private static final String CREDENTIALS = USER + " and " + PASSWORD + ", or " + TOKEN;

    /**
     * As environment variables have it; a command line would show a password to others.
     *
     * @throws CommandFailedException if a variable is missing or wrong
     */
    static ServiceAccess of(Map<String, String> environment) {
        return new ServiceAccess(
                authorization(environment), variable(environment, CA_FILE).map(ServiceAccess::trusting));
    }

    private static Optional<String> authorization(Map<String, String> environment) {
        Optional<String> token = variable(environment, TOKEN);
        Optional<String> user = variable(environment, USER);
        Optional<String> password = variable(environment, PASSWORD);
        if (user.isPresent() != password.isPresent())
            throw CommandFailedException.usage("set both " + USER + " and " + PASSWORD + ", or none of them");
        if (token.isPresent() && user.isPresent())
            throw CommandFailedException.usage("set " + CREDENTIALS + ", not both");
        return token.map(value -> "Bearer " + value)
                .or(() -> user.map(name -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString((name + ":" + password.get()).getBytes(StandardCharsets.UTF_8))));
    }

    private static SSLContext trusting(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in))
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            if (store.size() == 0) throw new IOException("no certificate");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw CommandFailedException.usage(CA_FILE + " is " + file + ": use a readable file of PEM certificates");
        }
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /**
     * The credentials for an address. A service names the addresses of others, so they are not sent to any of them in
     * plain text: only over TLS, or to this machine.
     */
    Optional<String> authorizationFor(URI address) {
        return authorization.filter(value -> address.getScheme().equals("https") || isLoopback(address.getHost()));
    }

    private static boolean isLoopback(String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** What to do about an answer of 401 or 403, in a sentence. */
    String refusal(URI address, String method, int status) {
        boolean sent = authorizationFor(address).isPresent();
        String role = method.equals("GET") ? "viewer" : "operator";
        if (status == 403) return address + " is not allowed for these credentials: use a user with the role " + role;
        if (sent) return address + " refuses the credentials: correct " + CREDENTIALS;
        return authorization.isPresent()
                ? address + " wants credentials, which are not sent in plain text: set " + CA_FILE
                : address + " wants credentials: set " + CREDENTIALS;
    }
}
