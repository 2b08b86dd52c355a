// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;

class HttpRefusalsTest {
    /** As the JDK's client does where a name is not known. */
    @Test
    void anUnknownNameIsTold() {
        assertThat(message(caused(
                        new ConnectException(), caused(new ConnectException(), new UnresolvedAddressException()))))
                .isEqualTo("tea.example cannot be reached: its name is not known");
        assertThat(message(new UnknownHostException("tea.example")))
                .isEqualTo("tea.example cannot be reached: its name is not known");
    }

    @Test
    void aRefusedConnectionIsTold() {
        assertThat(message(
                        caused(new ConnectException(), caused(new ConnectException(), new ClosedChannelException()))))
                .isEqualTo("tea.example cannot be reached: the connection was refused");
    }

    @Test
    void otherwiseTheFirstMessageIsTold() {
        assertThat(message(new IOException("no route\u001b"))).startsWith("tea.example cannot be reached: no route");
        assertThat(message(caused(new IOException(), new IOException("broken"))))
                .isEqualTo("tea.example cannot be reached: broken");
        assertThat(message(new IOException())).isEqualTo("tea.example cannot be reached");
    }

    private static Throwable caused(Throwable thrown, Throwable cause) {
        return thrown.initCause(cause);
    }

    private static String message(Throwable cause) {
        return HttpRefusals.unreachable(URI.create("https://tea.example/x"), cause)
                .getMessage();
    }
}
