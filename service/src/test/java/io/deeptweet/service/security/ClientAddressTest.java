// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientAddressTest {
    @Test
    void anIpv6NetworkIsOneClient() {
        assertThat(ClientAddress.of("2001:db8:0:1::1")).isEqualTo(ClientAddress.of("2001:db8:0:1:ffff::2"));
        assertThat(ClientAddress.of("2001:db8:0:1::1")).isNotEqualTo(ClientAddress.of("2001:db8:0:2::1"));
    }

    @Test
    void anIpv4AddressIsOneClient() {
        assertThat(ClientAddress.of("10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(ClientAddress.of("::ffff:10.0.0.1")).isNotEqualTo(ClientAddress.of("::ffff:10.0.0.2"));
    }
}
