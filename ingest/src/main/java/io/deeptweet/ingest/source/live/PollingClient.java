// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Requests documents from one server. Answers are bounded in size and time. The token goes to this server alone:
 * redirects to others are refused.
 */
final class PollingClient {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_QUOTE = 500;

    /**
     * An answer, decompressed.
     *
     * @param uri what was asked for, after redirects
     */
    record Answer(URI uri, HttpResponse<byte[]> response, byte[] body) {
        int status() {
            return response.statusCode();
        }

        HttpHeaders headers() {
            return response.headers();
        }

        /** @throws CharacterCodingException if the body is not in the charset that the headers name, or else UTF-8 */
        String text() throws CharacterCodingException {
            String text = charset().newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }

        /** The beginning, for messages. */
        String beginning() {
            return new String(body, 0, Math.min(body.length, LONGEST_QUOTE), StandardCharsets.UTF_8);
        }

        private Charset charset() {
            Matcher named = CHARSET.matcher(headers().firstValue("content-type").orElse(""));
            try {
                return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                return StandardCharsets.UTF_8;
            }
        }
    }

    private final URI server;
    private final Optional<PollingOptions.Token> token;
    private final Duration timeout;
    private final int largest;
    private final HttpClient client;

    PollingClient(PollingOptions options) {
        server = options.address();
        token = options.token();
        timeout = options.timeout();
        largest = options.largestAnswer();
        client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** Whether an address is on the same server, with the same scheme and port. */
    boolean isSameServer(URI address) {
        return server.getScheme().equalsIgnoreCase(address.getScheme())
                && server.getHost().equalsIgnoreCase(address.getHost())
                && port(server) == port(address);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) return address.getPort();
        return address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /**
     * Sends a GET request.
     *
     * @param conditions headers such as {@code If-None-Match}
     * @return an answer of any status, except a redirect
     * @throws LiveException if the server cannot be reached, or its answer is too large, too slow, compressed otherwise
     *     than by gzip, or a redirect to another server
     */
    Answer get(URI uri, Map<String, String> conditions) throws LiveException, InterruptedException {
        URI next = uri;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> response = send(next, conditions);
            if (!REDIRECTS.contains(response.statusCode())) return new Answer(next, response, decompressed(response));
            next = redirected(next, response.headers().firstValue("location").orElse(""));
        }
        throw new LiveException(Kind.REFUSED, server.getHost() + " redirects more than " + MOST_REDIRECTS + " times");
    }

    private URI redirected(URI from, String location) throws LiveException {
        Optional<URI> target = resolve(from, location).filter(this::isSameServer);
        return target.orElseThrow(() -> new LiveException(
                Kind.REFUSED,
                server.getHost() + " redirects to another server, " + UntrustedText.quoted(withoutQuery(location))
                        + ": set the source's url to it if you trust it"));
    }

    private static String withoutQuery(String address) {
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    /** An address in an answer; empty if it is none. */
    static Optional<URI> resolve(URI from, String address) {
        try {
            return Optional.of(from.resolve(address.strip())).filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private HttpResponse<byte[]> send(URI uri, Map<String, String> conditions)
            throws LiveException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "DeepTweet");
        conditions.forEach(request::header);
        token.ifPresent(known -> request.header(known.header(), known.value()));
        CompletableFuture<HttpResponse<byte[]>> sending =
                client.sendAsync(request.build(), head -> new BoundedBody(largest));
        try {
            return sending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BoundedBody.TooLargeException tooLarge) throw refused(tooLarge.getMessage());
            throw HttpRefusals.unreachable(uri, e.getCause());
        } catch (TimeoutException e) {
            sending.cancel(true);
            throw new LiveException(
                    Kind.DISCONNECTED, uri.getHost() + " has not answered in " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            sending.cancel(true);
            throw e;
        }
    }

    private LiveException refused(String why) {
        return new LiveException(Kind.REFUSED, server.getHost() + " cannot be polled: " + why);
    }

    private byte[] decompressed(HttpResponse<byte[]> response) throws LiveException {
        String encoding = response.headers()
                .firstValue("content-encoding")
                .orElse("identity")
                .strip();
        if (response.body().length == 0 || encoding.equalsIgnoreCase("identity")) return response.body();
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip"))
            throw refused("the answer's Content-Encoding is " + UntrustedText.quoted(encoding) + ", not gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] body = in.readNBytes(largest + 1);
            if (body.length > largest) throw refused(new BoundedBody.TooLargeException(largest).getMessage());
            return body;
        } catch (LiveException e) {
            throw e;
        } catch (IOException e) {
            throw refused("the answer is not gzip, as its Content-Encoding says");
        }
    }
}
