// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.service.security.Users.User;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Authenticates by name and password, for HTTP Basic. */
@Singleton
class PasswordIdentityProvider implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
    private final SecurityMode mode;
    private final UsersFile file;
    private final PasswordCheck check = new PasswordCheck();

    @Inject
    PasswordIdentityProvider(SecurityMode mode, UsersFile file) {
        this.mode = mode;
        this.file = file;
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> identity(request));
    }

    private SecurityIdentity identity(UsernamePasswordAuthenticationRequest request) {
        // Nobody checks the credentials where none are needed: they make nobody known.
        if (!mode.needsCredentials())
            return QuarkusSecurityIdentity.builder().setAnonymous(true).build();
        String name = request.getUsername();
        Users users = file.users();
        Optional<String> hash = Optional.ofNullable(users.byName().get(name)).flatMap(User::hash);
        if (!check.matches(new String(request.getPassword().getPassword()), hash))
            throw new AuthenticationFailedException("wrong name or password");
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addCredential(request.getPassword())
                .addRoles(users.roles(name))
                .build();
    }
}
