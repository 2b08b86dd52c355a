// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.source.live.MastodonSource;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Setting;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A live source. */
interface LiveSettings {
    /** The kinds of servers. */
    enum LiveType {
        JETSTREAM,
        MASTODON,
        X,
        POLLING
    }

    @Setting("Kind of server: `jetstream` is Bluesky's, `mastodon` one or several instances of Mastodon, `x` the API v2"
            + " of X, `polling` any HTTP API that answers in JSON.")
    @WithDefault("jetstream")
    LiveType type();

    @Setting(
            value = "Addresses of the servers: those of `jetstream` are tried in turn, those of `mastodon` are followed"
                    + " at the same time, `polling` has one, with its query, and so has `x`.",
            pattern = "(?:wss?|https?)://\\S+",
            allowed = "addresses such as wss://jetstream1.us-east.bsky.network/subscribe or https://mastodon.social",
            defaultInWords = "Bluesky's four servers for `jetstream`, `https://api.x.com` for `x`")
    Optional<List<String>> url();

    @Setting(
            value = "Access token, for the environment only, required for `x`; several instances of Mastodon have"
                    + " theirs in the order of `url`, separated by commas, with nothing for one without it.",
            pattern = "[!-~]{1,8192}",
            allowed = "1 to 8192 printable ASCII characters without spaces",
            secret = true)
    Optional<String> token();

    @Setting(
            value = "How long nothing may come, not even a heartbeat, before the connection is replaced.",
            from = "1s",
            to = "1h",
            defaultInWords = "`15s` for `jetstream`, `45s` for `mastodon`, `30s` for `x`")
    @WithConverter(DurationConverter.class)
    Optional<Duration> quiet();

    @Setting(
            value = "File with Jetstream's zstd dictionary, to receive compressed messages; plain text if it is not"
                    + " set.",
            allowed = "the name of a file")
    Optional<String> dictionary();

    @Setting(
            value = "How much the time that a post of Jetstream claims may differ from the server's, which is used"
                    + " otherwise.",
            from = "1s",
            to = "3650d")
    @WithDefault("1h")
    @WithConverter(DurationConverter.class)
    Duration clockDifference();

    @Setting(
            value = "Timeline of Mastodon: `local` has the statuses of the instance's users, `remote` those of others,"
                    + " `public` both.",
            defaultInWords = "`public`, or none if `hashtags` is set")
    Optional<MastodonSource.Timeline> timeline();

    @Setting(
            value = "Hashtags of Mastodon to follow, each by a stream of its own.",
            pattern = "#?[\\p{L}\\p{M}\\p{N}_·]+",
            allowed = "words separated by commas, such as tea,coffee")
    Optional<List<String>> hashtags();

    XSettings x();

    PollingSettings polling();
}
