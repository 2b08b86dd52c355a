// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine's loopback address. */
public final class Ports {
    private Ports() {}

    /** A port that nobody listens on just now. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no TCP port can be opened on the loopback address", e);
        }
    }

    /**
     * Makes sure that a port can be listened on.
     *
     * @param service who wants it, such as {@code the Kafka broker}
     * @throws StartFailedException if it is taken
     */
    public static void requireFree(int port, String service) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a port of which only closed connections linger is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new StartFailedException(
                    "port " + port + ", which " + service
                            + " wants, is in use: stop the program that listens on it, or choose another port",
                    e);
        }
    }
}
