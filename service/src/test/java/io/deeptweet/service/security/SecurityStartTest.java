// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.service.settings.Settings;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityStartTest {
    private static final String ENABLED = "deeptweet.security.enabled";
    private static final String USERS_FILE = "deeptweet.security.users-file";

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private boolean tls;
    private boolean trustStore;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.53", "::1"})
    void onThisMachineNoCredentialsAreNeeded(String host) {
        assertThat(needsCredentialsOn(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3"})
    void beyondItAStartWithoutThemIsRefused(String host) {
        assertThatThrownBy(() -> needsCredentialsOn(host))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("quarkus.http.host is " + host + ": use 127.0.0.1; or set " + USERS_FILE);
    }

    @Test
    void beyondItAStartWithoutThemMustBeWanted() {
        settings.put(ENABLED, "false");
        assertThat(needsCredentialsOn("0.0.0.0")).isFalse();
    }

    @Test
    void aUsersFileMakesCredentialsNeeded() throws IOException {
        writeUsers();
        assertThat(needsCredentialsOn("0.0.0.0")).isTrue();
        assertThat(needsCredentialsOn("127.0.0.1")).isTrue();
        settings.put(ENABLED, "false");
        assertThat(needsCredentialsOn("127.0.0.1")).isFalse();
    }

    @Test
    void aUsersFileMustBeUsable() {
        settings.put(USERS_FILE, folder.resolve("none").toString());
        assertRefused(USERS_FILE + " is ");
    }

    @Test
    void securityNeedsAWayToAuthenticate() {
        settings.put(ENABLED, "true");
        assertRefused(ENABLED + " is true: use " + USERS_FILE);
    }

    /** A token for another service of the same provider is not for this one. */
    @Test
    void bearerTokensNeedAnAudience() {
        settings.put("quarkus.oidc.auth-server-url", "https://login.example");
        assertRefused("quarkus.oidc.tenant-enabled is false: use true");
        settings.put("quarkus.oidc.tenant-enabled", "true");
        assertRefused("quarkus.oidc.token.audience is missing");
        settings.put("quarkus.oidc.token.audience", "deeptweet");
        assertThat(needsCredentialsOn("0.0.0.0")).isTrue();
    }

    @Test
    void clientCertificatesNeedRoles() throws IOException {
        tls = true;
        trustStore = true;
        assertRefused(USERS_FILE + " is missing");
        writeUsers();
        assertThat(needsCredentialsOn("127.0.0.1")).isTrue();
    }

    /** Otherwise both ports are open. */
    @Test
    void withTlsPlainHttpIsClosed() throws IOException {
        writeUsers();
        tls = true;
        assertThatThrownBy(() -> needsCredentialsOn("0.0.0.0"))
                .hasMessageContaining("quarkus.http.insecure-requests is enabled: use disabled or redirect");
        settings.put("quarkus.http.insecure-requests", "disabled");
        assertThat(needsCredentialsOn("0.0.0.0")).isTrue();
        tls = false;
        assertRefused("quarkus.http.insecure-requests is disabled: use enabled, or set up TLS");
    }

    private void writeUsers() throws IOException {
        Path users = folder.resolve("users");
        Files.writeString(users, "ada:" + BcryptUtil.bcryptHash("swordfish") + ":operator\n");
        settings.put(USERS_FILE, users.toString());
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> needsCredentialsOn("127.0.0.1"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(sentence);
    }

    private boolean needsCredentialsOn(String host) {
        settings.put("quarkus.http.host", host);
        Config config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "given", 100))
                .build();
        SecurityMode mode = new SecurityMode();
        UsersFile users = new UsersFile();
        ServerTls server = new ServerTls(config, FakeTls.registry(tls, trustStore));
        ClientCertificates certificates = new ClientCertificates(server, users);
        Map<String, String> ours = new HashMap<>(settings);
        ours.keySet().removeIf(key -> !key.startsWith("deeptweet."));
        assertThat(mode.needsCredentials()).isTrue(); // until it is decided
        new SecurityStart(Settings.of(SecuritySettings.class, ours), config, server, certificates, users, mode)
                .decide(new StartupEvent());
        return mode.needsCredentials();
    }
}
