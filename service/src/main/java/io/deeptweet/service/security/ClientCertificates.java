// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.vertx.http.security.HttpSecurity;
import io.quarkus.vertx.http.security.MTLS;
import io.vertx.core.http.ClientAuth;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Asks clients for certificates (mutual TLS) if the server's TLS settings have a trust store. A client without one may
 * authenticate in another way; health checks need none.
 */
@Singleton
class ClientCertificates {
    private final ServerTls server;
    private final UsersFile users;

    @Inject
    ClientCertificates(ServerTls server, UsersFile users) {
        this.server = server;
        this.users = users;
    }

    void configure(@Observes HttpSecurity security) {
        if (areAsked())
            security.mTLS(MTLS.builder()
                    .authentication(ClientAuth.REQUEST)
                    .certificateToRolesMapper(this::roles)
                    .build());
    }

    /** Whether a client may authenticate by a certificate. */
    boolean areAsked() {
        return server.configuration()
                .filter(tls -> tls.getKeyStoreOptions() != null && tls.getTrustStoreOptions() != null)
                .map(tls -> !tls.isTrustAll()) // whose owner could be anybody
                .orElse(false);
    }

    private Set<String> roles(X509Certificate certificate) {
        return commonName(certificate).map(name -> users.users().roles(name)).orElse(Set.of());
    }

    static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(Object::toString)
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
