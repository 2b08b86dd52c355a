// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
    private final HostNames names = new HostNames(List.of("Trainer.example", "0.0.0.0"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "Localhost.",
                "trainer.example",
                "127.0.0.1",
                "10.0.0.7",
                "[::1]",
                "::1",
                "[FE80::1]"
            })
    void namesThatAreAllowedAndAddresses(String host) {
        assertThat(names.allow(host)).isTrue();
    }

    @Test
    void otherNamesAreNot() {
        for (String host : List.of(
                "", "evil.example", "xlocalhost", "localhost.evil.example", "1.2.3.4.5", "127.0.0.1.evil", "[evil]"))
            assertThat(names.allow(host)).as(host).isFalse();
    }
}
