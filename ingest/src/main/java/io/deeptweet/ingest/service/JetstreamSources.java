// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.source.live.JetstreamSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Creates the sources of type {@code jetstream}. */
final class JetstreamSources {
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final List<String> SERVERS = List.of(
            "wss://jetstream1.us-east.bsky.network/subscribe",
            "wss://jetstream2.us-east.bsky.network/subscribe",
            "wss://jetstream1.us-west.bsky.network/subscribe",
            "wss://jetstream2.us-west.bsky.network/subscribe");

    private JetstreamSources() {}

    /** @throws InvalidSettingException if an address is wrong, or the dictionary cannot be read */
    static JetstreamSource of(
            String name, LiveSettings settings, int largestMessage, LanguageDetector languages, Clock clock) {
        SourceKeys keys = new SourceKeys(name);
        JetstreamSource.Options options = new JetstreamSource.Options(
                settings.url().orElse(SERVERS).stream()
                        .map(url -> address(keys, url))
                        .toList(),
                settings.dictionary().map(file -> dictionary(keys, file)),
                settings.quiet().orElse(QUIET),
                settings.clockDifference(),
                largestMessage);
        return new JetstreamSource(name, options, languages, clock);
    }

    private static URI address(SourceKeys keys, String url) {
        return keys.address(url, "wss?", "one without")
                .filter(address -> address.getFragment() == null)
                .orElseThrow(() -> keys.wrong("url", url, "wss://, a host and a path, such as /subscribe"));
    }

    private static byte[] dictionary(SourceKeys keys, String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw keys.wrong("dictionary", file, "a file that exists and can be read");
        }
    }
}
