// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.source.live.MastodonSource;
import io.deeptweet.ingest.source.live.MastodonSource.Instance;
import io.deeptweet.service.settings.InvalidSettingException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the settings of a source of type {@code mastodon}. */
final class MastodonSources {
    private static final String ADDRESSES = "addresses of instances, such as https://mastodon.social";

    private MastodonSources() {}

    /** @throws InvalidSettingException if addresses are missing or wrong, or there are more tokens than instances */
    static MastodonSource.Options options(String source, LiveSettings settings, int largestEvent) {
        SourceKeys keys = new SourceKeys(source);
        List<URI> addresses = settings.url().orElseThrow(() -> keys.missing("url", ADDRESSES)).stream()
                .map(url -> instance(keys, url))
                .toList();
        List<String> tokens = settings.token().stream()
                .flatMap(all -> Stream.of(all.split(",", -1)))
                .map(String::strip)
                .toList();
        if (tokens.size() > addresses.size())
            throw keys.missing("url", "an instance for each token: there are " + tokens.size() + " of them");
        List<String> hashtags = settings.hashtags().orElse(List.of());
        return new MastodonSource.Options(
                IntStream.range(0, addresses.size())
                        .mapToObj(i -> new Instance(
                                addresses.get(i),
                                tokens.stream().skip(i).findFirst().filter(token -> !token.isEmpty())))
                        .toList(),
                settings.timeline()
                        .or(() -> hashtags.isEmpty() ? Optional.of(MastodonSource.Timeline.PUBLIC) : Optional.empty()),
                hashtags.stream().map(tag -> tag.strip().replaceFirst("^#", "")).toList(),
                settings.quiet().orElse(MastodonSource.DEFAULT_QUIET),
                largestEvent);
    }

    private static URI instance(SourceKeys keys, String url) {
        return keys.address(url, "https?", "token")
                .filter(address -> List.of("", "/").contains(address.getPath()) && address.getQuery() == null)
                .map(address -> URI.create(address.getScheme() + "://" + address.getAuthority()))
                .orElseThrow(() -> keys.wrong("url", url, ADDRESSES));
    }
}
