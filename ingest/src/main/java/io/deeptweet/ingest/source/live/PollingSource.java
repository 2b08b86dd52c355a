// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.service.retry.Backoff;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Polls an HTTP API that answers in JSON. Posts that came before are dropped, by their id, or where they have none by
 * their text, author and date. The posts of an answer are published the oldest first.
 */
public final class PollingSource implements TweetSource {
    private final String name;
    private final PollingOptions options;
    private final LanguageDetector languages;
    private final Clock clock;
    private final Supplier<Backoff> backoff;
    private final PollingClient client;

    /** @param name the source's name in the settings */
    public PollingSource(String name, PollingOptions options, LanguageDetector languages, Clock clock) {
        this(name, options, languages, clock, Backoff::new);
    }

    PollingSource(
            String name, PollingOptions options, LanguageDetector languages, Clock clock, Supplier<Backoff> backoff) {
        this.name = name;
        this.options = options;
        this.languages = languages;
        this.clock = clock;
        this.backoff = backoff;
        this.client = new PollingClient(options);
    }

    @Override
    public String name() {
        return name;
    }

    /** The address without its query, which may hold a key. */
    @Override
    public String describe() {
        return options.address().getScheme() + "://" + options.address().getAuthority()
                + options.address().getPath();
    }

    @Override
    public String describe(String position) {
        return "the posts polled until " + PollingPosition.parse(position).polled();
    }

    @Override
    public void run(SourceOutput output, String position) throws InterruptedException {
        Retries retries = new Retries(name, output.monitor(), backoff.get(), clock);
        TweetParser parser = new TweetParser(output.name(), false, languages, options.labels(), clock);
        Poller poller = new Poller(options, output, retries, parser, clock, client, position);
        while (true) {
            poller.poll();
            Thread.sleep(options.interval().toMillis());
        }
    }
}
