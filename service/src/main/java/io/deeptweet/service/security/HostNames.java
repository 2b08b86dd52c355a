// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host names by which a service may be addressed. A web page can make its own name resolve to 127.0.0.1 (DNS
 * rebinding), and is then of the same origin as a service on this machine; but the requests still carry its name.
 */
final class HostNames {
    /** An address is no name, so that no name server can turn it into another one. */
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]|[0-9a-f]*:[0-9a-f:.%]*");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    HostNames(Collection<String> allowed) {
        for (String name : allowed) names.add(canonical(name));
    }

    /** @param host the host of a request without the port */
    boolean allow(String host) {
        String canonical = canonical(host);
        return names.contains(canonical) || ADDRESS.matcher(canonical).matches();
    }

    private static String canonical(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
