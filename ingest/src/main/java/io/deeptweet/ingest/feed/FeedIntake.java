// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.reject.Rejection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides what becomes of each record of a feed: to {@code tweets.raw}, left out for its language, or to
 * {@code tweets.rejected}; and counts it. Sources bring records, the publisher moves bytes; this is all that is
 * between.
 */
public final class FeedIntake {
    /** Told of each decision that was carried out. */
    public interface Observer {
        void published(String feed);

        void filtered(String feed);

        void rejected(String feed, Rejection.Reason reason);
    }

    /** What became of a record. */
    public enum Outcome {
        PUBLISHED,
        FILTERED,
        REJECTED
    }

    private final Feed feed;
    private final TweetPublisher publisher;
    private final Observer observer;
    private final LongAdder read = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    public FeedIntake(Feed feed, TweetPublisher publisher, Observer observer) {
        this.feed = feed;
        this.publisher = publisher;
        this.observer = observer;
    }

    public Feed feed() {
        return feed;
    }

    /**
     * Takes a record in. Waits while too many are on their way to Kafka.
     *
     * @param bytes the record as it came
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @return done once Kafka has acknowledged it; fails if Kafka does not
     */
    public CompletableFuture<Outcome> take(ParsedTweet parsed, byte[] bytes, String origin) {
        read.increment();
        if (parsed instanceof ParsedTweet.Refused refused) {
            Rejection rejection = new Rejection("ingest", refused.reason(), refused.detail(), origin);
            return publisher.reject(bytes, feed.name(), rejection).thenApply(acknowledged -> {
                rejected.increment();
                observer.rejected(feed.name(), refused.reason());
                return Outcome.REJECTED;
            });
        }
        ParsedTweet.Accepted accepted = (ParsedTweet.Accepted) parsed;
        if (!feed.languages().passes(accepted.tweet().getLanguage())) {
            filtered.increment();
            observer.filtered(feed.name());
            return CompletableFuture.completedFuture(Outcome.FILTERED);
        }
        return publisher.publish(accepted.tweet()).thenApply(acknowledged -> {
            published.increment();
            observer.published(feed.name());
            return Outcome.PUBLISHED;
        });
    }

    /** Waits until Kafka has acknowledged all that was taken in, or has failed to. */
    public void flush() {
        publisher.flush();
    }

    /** Records taken in. */
    public long read() {
        return read.sum();
    }

    /** Tweets that Kafka has acknowledged. */
    public long published() {
        return published.sum();
    }

    /** Tweets left out for their language. */
    public long filtered() {
        return filtered.sum();
    }

    /** Records on {@code tweets.rejected}, acknowledged. */
    public long rejected() {
        return rejected.sum();
    }
}
