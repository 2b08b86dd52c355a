// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine's loopback address. */
public final class Ports {
    private static final int FIRST_UNPRIVILEGED = 10_000;
    /** Linux gives outgoing connections ports from here on, and others from a higher one. */
    private static final int FIRST_OUTGOING = 32_768;

    private static final int UNPRIVILEGED = FIRST_OUTGOING - FIRST_UNPRIVILEGED;
    /** Each process chooses from a part of them, so that two seldom choose the same before one listens. */
    private static final int SLICES = 64;

    private static final int SLICE = UNPRIVILEGED / SLICES;
    private static final int FIRST_OF_SLICE =
            FIRST_UNPRIVILEGED + SLICE * (int) (ProcessHandle.current().pid() % SLICES);

    /** Those given to this program, so that none is given twice while nobody listens on it yet. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * A port that nobody listens on just now, and that no outgoing connection gets: it stays free until the server
     * listens, and a server that is killed finds it free again. (A client that tries again and again to reach a local
     * port among those of outgoing connections may even connect to itself, and then holds the port.)
     */
    public static int free() {
        for (int attempt = 0; ; attempt++) {
            int port = attempt < SLICE ? FIRST_OF_SLICE + random(SLICE) : FIRST_UNPRIVILEGED + random(UNPRIVILEGED);
            if (isFree(port) && GIVEN.add(port)) return port;
        }
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private static boolean isFree(int port) {
        try {
            requireFree(port, "a server");
            return true;
        } catch (StartFailedException e) {
            return false;
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
