// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.Config;

/** The TLS settings of a service's port. */
@Singleton
public class ServerTls {
    private final Config config;
    private final TlsConfigurationRegistry registry;

    @Inject
    ServerTls(Config config, TlsConfigurationRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    /** Whether the port speaks TLS. */
    public boolean isOn() {
        return configuration().map(TlsConfiguration::getKeyStoreOptions).isPresent();
    }

    /**
     * The context to reach other instances with, which have the same settings: it trusts what the trust store holds, or
     * the JDK's authorities without one. Empty without TLS.
     *
     * @throws IllegalStateException if the stores cannot be used
     */
    public Optional<SSLContext> client() {
        if (!isOn()) return Optional.empty();
        return configuration().map(tls -> {
            try {
                return tls.getTrustStoreOptions() == null ? SSLContext.getDefault() : tls.createSSLContext();
            } catch (Exception e) { // as Quarkus declares it
                throw new IllegalStateException("the TLS settings cannot be used for requests", e);
            }
        });
    }

    Optional<TlsConfiguration> configuration() {
        return config.getOptionalValue("quarkus.http.tls-configuration-name", String.class)
                .flatMap(registry::get)
                .or(registry::getDefault);
    }
}
