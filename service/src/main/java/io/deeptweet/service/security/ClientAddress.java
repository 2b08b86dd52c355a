// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.vertx.core.http.HttpServerRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** What stands for a client that has not authenticated: its address. */
final class ClientAddress {
    /** Whoever has an IPv6 address has the other 2⁶⁴ of its network too. */
    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    static String of(HttpServerRequest request) {
        String address =
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
        return address == null ? "unknown" : of(address); // null if the service listens on a socket of the file system
    }

    /** @param address in numbers */
    static String of(String address) {
        if (address.indexOf(':') < 0) return address;
        try {
            InetAddress parsed = new InetSocketAddress(address, 0).getAddress();
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES))
                    : address;
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
