// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.security.spi.runtime.AuthorizationController;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Lets everybody do everything while requests need no credentials. */
@Alternative
@Priority(Interceptor.Priority.LIBRARY_AFTER)
@Singleton
class AuthorizationSwitch extends AuthorizationController {
    private final SecurityMode mode;

    @Inject
    AuthorizationSwitch(SecurityMode mode) {
        this.mode = mode;
    }

    @Override
    public boolean isAuthorizationEnabled() {
        return mode.needsCredentials();
    }
}
