// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Sends requests with any header: Java's own client refuses to set Host and Origin. */
final class Http {
    private final URI root;
    private final InetAddress from;

    Http(URI root) {
        this(root, InetAddress.getLoopbackAddress());
    }

    /** @param from the address of this machine that the client has */
    Http(URI root, InetAddress from) {
        this.root = root;
        this.from = from;
    }

    /** An answer. */
    record Answer(int status, String headers, String body) {
        String header(String name) {
            return headers.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    Answer get(String path, String... headers) throws IOException {
        return send("GET " + path, headers);
    }

    Answer post(String path, String... headers) throws IOException {
        return send("POST " + path, headers);
    }

    static String basic(String name, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Answer send(String request, String... headers) throws IOException {
        StringBuilder text =
                new StringBuilder(request).append(" HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n");
        boolean hasHost = false;
        for (String header : headers) {
            hasHost |= header.startsWith("Host:");
            text.append(header).append("\r\n");
        }
        if (!hasHost) text.append("Host: ").append(root.getAuthority()).append("\r\n");
        try (Socket socket = new Socket(root.getHost(), root.getPort(), from, 0)) {
            socket.getOutputStream().write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int head = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.split(" ", 3)[1]), answer.substring(0, head), answer.substring(head + 4));
        }
    }
}
