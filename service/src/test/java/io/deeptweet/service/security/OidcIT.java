// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.service.security.Http.Answer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bearer tokens of an OpenID Connect provider. */
@QuarkusTest
@TestProfile(OidcIT.Oidc.class)
class OidcIT {
    private static final String JSON = "Content-Type: application/json";

    /** A service that trusts the provider, whose groups have names of their own. */
    public static final class Oidc implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FakeOidcProvider.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.auth.roles-mapping.data-team", "publisher");
        }
    }

    @TestHTTPResource
    URI root;

    @Test
    void aTokenAuthenticatesWithItsRoles() throws IOException {
        String viewer = bearer("ada", List.of("viewer"));
        assertThat(http().get("/sample", viewer).body()).endsWith("ada");
        assertThat(http().post("/sample", viewer, JSON).status()).isEqualTo(403);
        assertThat(http().post("/sample", bearer("eve", List.of("operator")), JSON)
                        .body())
                .endsWith("changed by eve");
    }

    @Test
    void groupsOfTheProviderCanBeMappedToRoles() throws IOException {
        assertThat(http().post("/sample", bearer("eve", List.of("data-team")), JSON)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void withoutATokenNothingIsAllowed() throws IOException {
        Answer answer = http().get("/sample");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(http().get("/q/health/live").status()).isEqualTo(200);
    }

    @Test
    void tokensOfOthersForOthersAndOldOnesAreRefused() throws IOException {
        KeyPair stranger = FakeOidcProvider.keyPair();
        Instant later = Instant.now().plusSeconds(300);
        List<String> roles = List.of("operator");
        for (String token : List.of(
                FakeOidcProvider.token(stranger, FakeOidcProvider.issuer(), "deeptweet", "eve", later, roles),
                FakeOidcProvider.token(FakeOidcProvider.key(), "http://evil.example", "deeptweet", "eve", later, roles),
                FakeOidcProvider.token(
                        FakeOidcProvider.key(), FakeOidcProvider.issuer(), "payroll", "eve", later, roles),
                FakeOidcProvider.token(
                        FakeOidcProvider.key(),
                        FakeOidcProvider.issuer(),
                        "deeptweet",
                        "eve",
                        Instant.now().minusSeconds(60),
                        roles),
                "eyJhbGciOiJub25lIn0.eyJncm91cHMiOlsib3BlcmF0b3IiXX0."))
            assertThat(http().get("/sample", "Authorization: Bearer " + token).status())
                    .as(token)
                    .isEqualTo(401);
    }

    private Http http() {
        return new Http(root);
    }

    private static String bearer(String name, List<String> groups) {
        return "Authorization: Bearer "
                + FakeOidcProvider.token(
                        FakeOidcProvider.key(),
                        FakeOidcProvider.issuer(),
                        "deeptweet",
                        name,
                        Instant.now().plusSeconds(300),
                        groups);
    }
}
