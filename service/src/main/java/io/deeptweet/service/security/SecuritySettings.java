// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.service.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who may use a service's HTTP endpoints; the group {@code deeptweet.security} of every service. */
@ConfigMapping(prefix = SecuritySettings.PREFIX)
public interface SecuritySettings {
    String PREFIX = "deeptweet.security";

    @Setting(
            value = "Whether requests need credentials; with `false` everybody who reaches the port may do everything.",
            defaultInWords = "true if a way to authenticate is configured")
    Optional<Boolean> enabled();

    @Setting(
            value = "Users with their passwords' bcrypt hashes and their roles; a changed file is read again"
                    + " within 10 s.",
            allowed = "a file with a line NAME:HASH:ROLE,ROLE for each user")
    Optional<Path> usersFile();

    @Setting(
            value = "Host names by which clients may address the service, besides IP addresses, localhost and"
                    + " the name in `quarkus.http.host`; guards against DNS rebinding.",
            allowed = "host names without ports, separated by commas")
    Optional<List<String>> allowedHosts();

    @Setting(
            value = "Requests per second of one client, a user or an address, in the long run; bursts may hold ten"
                    + " seconds' worth, what exceeds that is answered with 429, and 0 is no limit.",
            from = "0",
            to = "1000000")
    @WithDefault("100")
    int requestsPerSecond();
}
