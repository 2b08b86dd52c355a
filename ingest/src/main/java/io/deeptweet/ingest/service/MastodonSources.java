// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.source.live.MastodonSource;
import io.deeptweet.ingest.source.live.MastodonSource.Instance;
import io.deeptweet.service.settings.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
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
        String prefix = "deeptweet.sources." + source + ".";
        List<URI> addresses =
                settings.url().orElseThrow(() -> InvalidSettingException.missing(prefix + "url", ADDRESSES)).stream()
                        .map(url -> instance(prefix + "url", url))
                        .toList();
        List<String> tokens = settings.token().stream()
                .flatMap(all -> Stream.of(all.split(",", -1)))
                .map(String::strip)
                .toList();
        if (tokens.size() > addresses.size())
            throw InvalidSettingException.missing(
                    prefix + "url", "an instance for each token: there are " + tokens.size() + " of them");
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

    private static URI instance(String key, String url) {
        try {
            URI address = new URI(url.strip());
            boolean isInstance = List.of("http", "https").contains(address.getScheme())
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && List.of("", "/").contains(address.getPath())
                    && address.getQuery() == null;
            if (isInstance) return URI.create(address.getScheme() + "://" + address.getAuthority());
        } catch (URISyntaxException e) {
            // as one without a host
        }
        throw new InvalidSettingException(key, url, ADDRESSES);
    }
}
