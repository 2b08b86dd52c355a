// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.feed.FeedSink.Outcome;
import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.Sentiment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The destinations of a source's records: the feeds that it supplies. Each takes the tweets that pass its own rule. An
 * invalid record is rejected once, by the first feed, which counts what is skipped too. A label is written once, by the
 * first feed that the tweet passes.
 *
 * @param name of the source in the settings, or of its only feed
 * @param sinks none while the source is about to stop
 */
public record SinkGroup(String name, List<FeedSink> sinks) {
    public SinkGroup {
        sinks = List.copyOf(sinks);
    }

    /** The destination of a source that supplies one feed. */
    public static SinkGroup of(FeedSink sink) {
        return new SinkGroup(sink.feed().name(), List.of(sink));
    }

    /** To be filled by {@link #write}. */
    public List<FeedOutcomes> noOutcomes() {
        return Stream.generate(FeedOutcomes::new).limit(sinks.size()).toList();
    }

    /** As {@link FeedSink#write}, for each feed. */
    public void write(
            SourceTransactions transactions,
            ParsedTweet parsed,
            byte[] bytes,
            String origin,
            List<FeedOutcomes> outcomes) {
        if (!(parsed instanceof ParsedTweet.Valid valid)) {
            sinks.get(0).write(transactions, parsed, bytes, origin, outcomes.get(0));
            return;
        }
        Optional<Sentiment> label = valid.label();
        SearchedTweet tweet = new SearchedTweet(valid.tweet());
        for (int i = 0; i < sinks.size(); i++) {
            Outcome outcome = sinks.get(i).write(transactions, tweet, label, outcomes.get(i));
            if (outcome == Outcome.PUBLISHED) label = Optional.empty();
        }
    }

    /** As {@link FeedSink#count}, for each feed. */
    public void count(List<FeedOutcomes> outcomes) {
        for (int i = 0; i < sinks.size(); i++) sinks.get(i).count(outcomes.get(i));
    }
}
