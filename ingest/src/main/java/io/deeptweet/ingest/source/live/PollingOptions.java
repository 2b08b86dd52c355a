// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.core.JsonPointer;
import io.deeptweet.ingest.shape.JsonItems;
import io.deeptweet.ingest.tweet.LabelValues;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the operator chooses for a polled API.
 *
 * @param address what to ask for, with its query; {@code http} or {@code https}
 * @param interval from the end of a poll to the next one
 * @param items where the posts are in an answer
 * @param labels what labels mean
 * @param token authenticates; empty if the API needs none
 * @param timeout how long a request may take, with its answer
 * @param largestAnswer most bytes of an answer, decompressed
 */
public record PollingOptions(
        URI address,
        Duration interval,
        JsonItems items,
        LabelValues labels,
        Paging paging,
        Optional<Token> token,
        Duration timeout,
        int largestAnswer) {

    /** How an API divides its posts. */
    public enum PagingKind {
        /** An answer holds the newest posts. */
        NONE,
        /** An answer says where the next request continues, forward in time. */
        CURSOR,
        /** An answer is a page of the newest posts; further pages hold older ones. */
        PAGE,
        /** A request names the newest id that is known. */
        SINCE_ID
    }

    /**
     * How further posts are asked for.
     *
     * @param parameter of the request: the cursor, the page or the id; empty if an answer holds whole addresses
     * @param next where an answer holds the next cursor, page or address; empty for numbered pages, and for addresses
     *     in the header {@code Link}
     * @param firstPage number of the first page
     * @param mostPages most requests of a poll
     */
    public record Paging(
            PagingKind kind, Optional<String> parameter, Optional<JsonPointer> next, int firstPage, int mostPages) {
        /** Every request is the same. */
        public static final Paging NONE = new Paging(PagingKind.NONE, Optional.empty(), Optional.empty(), 1, 1);
    }

    /** A secret header. */
    public record Token(String header, String value) {
        @Override
        public String toString() {
            return header + ": (secret)";
        }
    }

    /** An address with parameters; they replace those of the same name in its query. */
    public static URI with(URI address, Map<String, String> parameters) {
        if (parameters.isEmpty()) return address;
        Map<String, String> encoded = new TreeMap<>();
        parameters.forEach((name, value) -> encoded.put(encode(name), encode(value)));
        List<String> query = new ArrayList<>();
        if (address.getRawQuery() != null)
            for (String pair : address.getRawQuery().split("&"))
                if (!pair.isEmpty() && !encoded.containsKey(pair.replaceFirst("=.*", ""))) query.add(pair);
        encoded.forEach((name, value) -> query.add(name + "=" + value));
        return URI.create(address.toString().replaceFirst("[?#].*", "") + "?" + String.join("&", query));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "polling of " + address.getHost(); // the query may hold a key
    }
}
