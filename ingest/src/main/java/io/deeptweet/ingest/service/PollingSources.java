// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import com.fasterxml.jackson.core.JsonPointer;
import io.deeptweet.ingest.shape.JsonFields;
import io.deeptweet.ingest.shape.JsonItems;
import io.deeptweet.ingest.source.live.PollingOptions;
import io.deeptweet.ingest.source.live.PollingOptions.Paging;
import io.deeptweet.ingest.source.live.PollingOptions.PagingKind;
import io.deeptweet.ingest.source.live.PollingOptions.Token;
import io.deeptweet.ingest.source.live.PollingSource;
import io.deeptweet.ingest.tweet.LabelValues;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.settings.InvalidSettingException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Creates the sources that poll an API. */
final class PollingSources {
    private final SourceKeys keys;
    private final LiveSettings live;
    private final PollingSettings settings;

    private PollingSources(SourceKeys keys, LiveSettings live) {
        this.keys = keys;
        this.live = live;
        settings = live.polling();
    }

    /** @throws InvalidSettingException if a setting does not fit the others */
    static PollingSource of(String name, LiveSettings live, LanguageDetector languages, Clock clock) {
        return new PollingSource(name, new PollingSources(new SourceKeys(name), live).options(), languages, clock);
    }

    private PollingOptions options() {
        return new PollingOptions(
                PollingOptions.with(address(), settings.parameters()),
                settings.interval(),
                new JsonItems(settings.items().map(JsonPointer::compile), new JsonFields(settings.fields())),
                labels(),
                paging(),
                live.token().map(this::token),
                settings.timeout(),
                settings.largestAnswer());
    }

    private URI address() {
        List<String> urls = live.url().orElse(List.of());
        if (urls.isEmpty()) throw keys.missing("url", "the address of the API");
        if (urls.size() > 1) throw keys.wrong("url", String.join(",", urls), "one address, with %2C for a comma");
        String url = urls.get(0);
        return keys.address(url, "https?", "token, and token-header if need be")
                .orElseThrow(() -> keys.wrong(
                        "url", url, "https://, a host and a path; polling.parameters are percent-encoded for you"));
    }

    private LabelValues labels() {
        try {
            return new LabelValues(settings.negative(), settings.positive());
        } catch (IllegalArgumentException e) {
            throw keys.wrong(
                    "polling.positive", String.join(",", settings.positive()), "values that polling.negative has not");
        }
    }

    private Paging paging() {
        PagingKind kind = settings.paging();
        boolean hasParameter = settings.parameter().isPresent();
        boolean hasNext = settings.next().isPresent();
        boolean forward = kind == PagingKind.CURSOR || kind == PagingKind.SINCE_ID;
        if (forward && !hasParameter) throw keys.missing("polling.parameter", "the name of the request's parameter");
        if (kind == PagingKind.CURSOR && !hasNext)
            throw keys.missing("polling.next", "where an answer holds the next cursor");
        if (kind == PagingKind.NONE && hasParameter)
            throw keys.wrong("polling.parameter", settings.parameter().get(), "polling.paging too, or remove it");
        if ((kind == PagingKind.NONE || kind == PagingKind.SINCE_ID) && hasNext)
            throw keys.wrong("polling.next", settings.next().get(), "polling.paging=cursor or page, or remove it");
        return new Paging(
                kind,
                settings.parameter(),
                settings.next().map(JsonPointer::compile),
                settings.firstPage(),
                settings.mostPages());
    }

    private Token token(String secret) {
        Optional<String> header = settings.tokenHeader();
        try {
            var unused = HttpRequest.newBuilder().header(header.orElse("Authorization"), "x");
        } catch (IllegalArgumentException e) { // such as Host
            throw keys.wrong("polling.token-header", header.orElse(""), "a header that a client may set");
        }
        return header.map(named -> new Token(named, secret)).orElse(new Token("Authorization", "Bearer " + secret));
    }
}
