// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Whether requests need credentials. They do until the start has decided it. */
@Singleton
public class SecurityMode {
    private volatile boolean credentials = true;

    void decide(boolean needed) {
        credentials = needed;
    }

    public boolean needsCredentials() {
        return credentials;
    }

    /** The name of the user who sent a request; empty if nobody has authenticated. */
    public static Optional<String> user(SecurityIdentity identity) {
        return identity.isAnonymous()
                ? Optional.empty()
                : Optional.of(identity.getPrincipal().getName());
    }
}
