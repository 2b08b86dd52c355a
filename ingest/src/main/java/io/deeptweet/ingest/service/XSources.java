// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.live.XOptions;
import io.deeptweet.ingest.source.live.XRuleText;
import io.deeptweet.ingest.source.live.XSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.settings.InvalidSettingException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Creates the sources of X that the settings name. */
final class XSources {
    private static final String HOST = "https://api.x.com";
    /** X sends a heartbeat every 20 s. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private XSources() {}

    /**
     * A source.
     *
     * @param feeds that it supplies
     * @throws InvalidSettingException if a setting is missing, or does not fit the others
     */
    static TweetSource of(
            String name,
            LiveSettings settings,
            List<Feed> feeds,
            int largestMessage,
            LanguageDetector languages,
            Clock clock) {
        XSettings x = settings.x();
        SourceKeys keys = new SourceKeys(name);
        String token = settings.token()
                .orElseThrow(() -> keys.missing("token", "the bearer token of your app, by the environment variable"));
        if (!x.expand() && feeds.stream().anyMatch(XRuleText::namesAuthors))
            throw keys.wrong("x.expand", "false", "true, because a rule has from: and names need it");
        XOptions options = new XOptions(
                host(keys, settings),
                token,
                x.mode() == XSettings.Mode.SEARCH,
                x.rule().map(List::of).orElseGet(() -> rules(keys, feeds)),
                x.rule().isEmpty(),
                x.expand(),
                x.interval(),
                x.fill(),
                x.backfillMinutes(),
                new XOptions.Prices(x.pricePerPost(), x.pricePerUser(), x.monthlyCost()),
                XOptions.times(settings.quiet().orElse(QUIET)),
                largestMessage);
        return new XSource(name, options, languages, clock);
    }

    private static List<String> rules(SourceKeys keys, List<Feed> feeds) {
        if (feeds.isEmpty())
            throw keys.missing("x.rule", "a rule in X's language, because the settings have no feed of the source");
        try {
            return feeds.stream().map(XRuleText::of).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw keys.missing("x.rule", "a rule in X's language, because " + e.getMessage());
        }
    }

    private static URI host(SourceKeys keys, LiveSettings settings) {
        List<String> urls = settings.url().orElse(List.of(HOST));
        if (urls.size() == 1 && urls.get(0).matches("https?://[A-Za-z0-9.:\\[\\]-]+")) return URI.create(urls.get(0));
        throw keys.wrong("url", String.join(",", urls), "https:// and a host");
    }
}
