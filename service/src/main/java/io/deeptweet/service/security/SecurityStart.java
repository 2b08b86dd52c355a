// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.service.settings.InvalidSettingException;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Decides at the start, before the port is opened, whether requests need credentials, and refuses an unsafe start. */
@Singleton
class SecurityStart {
    private static final Logger LOG = Logger.getLogger(SecurityStart.class);
    private static final String ENABLED = SecuritySettings.PREFIX + ".enabled";
    private static final String USERS_FILE = SecuritySettings.PREFIX + ".users-file";
    private static final String HOST = "quarkus.http.host";
    private static final String OIDC = "quarkus.oidc.tenant-enabled";
    private static final String OIDC_SERVER = "quarkus.oidc.auth-server-url";
    private static final String AUDIENCE = "quarkus.oidc.token.audience";
    private static final String PLAIN_HTTP = "quarkus.http.insecure-requests";

    private final SecuritySettings settings;
    private final Config config;
    private final ServerTls server;
    private final ClientCertificates certificates;
    private final UsersFile users;
    private final SecurityMode mode;

    @Inject
    SecurityStart(
            SecuritySettings settings,
            Config config,
            ServerTls server,
            ClientCertificates certificates,
            UsersFile users,
            SecurityMode mode) {
        this.settings = settings;
        this.config = config;
        this.server = server;
        this.certificates = certificates;
        this.users = users;
        this.mode = mode;
    }

    /** @throws InvalidSettingException if the service would be open to others without somebody having wanted that */
    void decide(@Observes StartupEvent event) {
        boolean plain = isPlainHttpOpen();
        if (!plain && !server.isOn())
            throw new InvalidSettingException(
                    PLAIN_HTTP,
                    config.getValue(PLAIN_HTTP, String.class),
                    "enabled, or set up TLS by quarkus.tls.key-store");
        boolean oidc = config.getOptionalValue(OIDC, Boolean.class).orElse(false);
        if (!oidc && config.getOptionalValue(OIDC_SERVER, String.class).isPresent())
            throw new InvalidSettingException(OIDC, false, "true, because " + OIDC_SERVER + " is set");
        boolean configured = settings.usersFile().isPresent() || oidc || certificates.areAsked();
        boolean needed = settings.enabled().orElse(configured);
        String host = config.getValue(HOST, String.class);
        if (needed) {
            checkMethods(configured, oidc);
            settings.usersFile().ifPresent(users::load);
            if (!isLoopback(host)) checkTransport(host, plain);
        } else if (settings.enabled().isPresent()) {
            LOG.warnf("%s is false: whoever reaches %s may do everything, without credentials", ENABLED, host);
        } else if (!isLoopback(host)) {
            throw new InvalidSettingException(
                    HOST,
                    host,
                    "127.0.0.1; or set " + USERS_FILE + " or " + OIDC + ", so that requests need credentials; or set "
                            + ENABLED + "=false if everybody who reaches the port may do everything");
        }
        mode.decide(needed);
    }

    private void checkMethods(boolean configured, boolean oidc) {
        if (!configured)
            throw new InvalidSettingException(
                    ENABLED, true, USERS_FILE + " or " + OIDC + " with it, or nobody could authenticate");
        if (certificates.areAsked() && settings.usersFile().isEmpty())
            throw InvalidSettingException.missing(
                    USERS_FILE, "a file that gives the owners of client certificates their roles");
        if (oidc && config.getOptionalValue(AUDIENCE, String.class).isEmpty())
            throw InvalidSettingException.missing(
                    AUDIENCE, "the audience of tokens for this service, or any to take those for other services too");
    }

    /** Beyond this machine, credentials should be encrypted. */
    private void checkTransport(String host, boolean plain) {
        if (!server.isOn()) {
            LOG.warnf(
                    "%s is %s, without TLS: credentials cross the network in plain text, unless a proxy before the"
                            + " service encrypts them",
                    HOST, host);
            return;
        }
        if (plain)
            throw new InvalidSettingException(PLAIN_HTTP, "enabled", "disabled or redirect, because TLS is configured");
    }

    private boolean isPlainHttpOpen() {
        return config.getOptionalValue(PLAIN_HTTP, String.class)
                .map(value -> value.equalsIgnoreCase("enabled"))
                .orElse(true);
    }

    /** A name that cannot be resolved cannot be bound either, which the start says by itself. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
