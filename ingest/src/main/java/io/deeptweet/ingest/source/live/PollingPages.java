// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.live.PollingClient.Answer;
import io.deeptweet.ingest.source.live.PollingOptions.Paging;
import io.deeptweet.ingest.source.live.PollingOptions.PagingKind;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses of the requests of a poll. */
final class PollingPages {
    /** RFC 8288, of the form that servers of pages send. */
    private static final Pattern NEXT_LINK =
            Pattern.compile("<([^<>]{1,4000})>\\s{0,9};[^,<>]{0,200}?\\brel=\"?next\\b", Pattern.CASE_INSENSITIVE);

    private final URI address;
    private final Paging paging;
    private final PollingClient client;

    PollingPages(PollingOptions options, PollingClient client) {
        address = options.address();
        paging = options.paging();
        this.client = client;
    }

    /** Where a poll begins. */
    URI first(PollingPosition position) {
        return switch (paging.kind()) {
            case NONE -> address;
            case CURSOR -> with(position.cursor());
            case SINCE_ID -> with(position.newest());
            case PAGE -> paging.next().isEmpty() ? with(Integer.toString(paging.firstPage())) : address;
        };
    }

    /**
     * Where it goes on.
     *
     * @param position after this answer
     * @param page number of this answer, from 1
     */
    Optional<URI> next(Answer answer, Optional<JsonNode> json, PollingPosition position, int page) {
        if (paging.kind() == PagingKind.NONE) return Optional.empty();
        if (paging.kind() != PagingKind.PAGE) return Optional.of(first(position));
        Optional<String> named = json.flatMap(this::value);
        if (paging.parameter().isPresent())
            return paging.next().isPresent()
                    ? named.map(this::with)
                    : Optional.of(with(Integer.toString(paging.firstPage() + page)));
        return (paging.next().isPresent() ? named : link(answer))
                .flatMap(found -> PollingClient.resolve(answer.uri(), found))
                .filter(client::isSameServer);
    }

    /** The cursor, page or address in an answer; empty if there is none, or it is too long. */
    Optional<String> value(JsonNode json) {
        return paging.next()
                .map(json::at)
                .filter(found -> found.isTextual() || found.isIntegralNumber())
                .flatMap(found -> PollingPosition.kept(found.asText()));
    }

    private static Optional<String> link(Answer answer) {
        for (String header : answer.headers().allValues("link")) {
            Matcher next = NEXT_LINK.matcher(header);
            if (next.find()) return Optional.of(next.group(1));
        }
        return Optional.empty();
    }

    private URI with(String value) {
        return paging.parameter()
                .filter(parameter -> !value.isEmpty())
                .map(parameter -> PollingOptions.with(address, Map.of(parameter, value)))
                .orElse(address);
    }
}
