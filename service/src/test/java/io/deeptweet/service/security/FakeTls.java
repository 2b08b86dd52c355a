// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;

/** TLS settings without files. */
final class FakeTls extends BaseTlsConfiguration {
    private final boolean trustStore;

    private FakeTls(boolean trustStore) {
        this.trustStore = trustStore;
    }

    static TlsConfigurationRegistry registry(boolean keyStore, boolean trustStore) {
        return new TlsConfigurationRegistry() {
            @Override
            public Optional<TlsConfiguration> get(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<TlsConfiguration> getDefault() {
                return keyStore ? Optional.of(new FakeTls(trustStore)) : Optional.empty();
            }

            @Override
            public void register(String name, TlsConfiguration configuration) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public KeyCertOptions getKeyStoreOptions() {
        return new PfxOptions();
    }

    @Override
    public TrustOptions getTrustStoreOptions() {
        return trustStore ? new PfxOptions() : null;
    }
}
