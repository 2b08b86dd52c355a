// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * The destination of a feed's records. Publishes valid tweets to {@code tweets.raw}, drops those in languages that the
 * feed does not want, sends invalid records to {@code tweets.rejected}, and counts. Thread-safe.
 */
public final class FeedSink {
    /** What happened to a record. */
    public enum Outcome {
        PUBLISHED,
        FILTERED,
        REJECTED
    }

    private static final String SERVICE = "ingest";

    private final Feed feed;
    private final TweetPublisher publisher;
    private final FeedListener listener;
    private final LongAdder read = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    public FeedSink(Feed feed, TweetPublisher publisher, FeedListener listener) {
        this.feed = feed;
        this.publisher = publisher;
        this.listener = listener;
    }

    public Feed feed() {
        return feed;
    }

    /**
     * Accepts a record. Blocks while too many records wait for Kafka's acknowledgement.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @return completes when Kafka has acknowledged the record; fails if Kafka does not
     */
    public CompletableFuture<Outcome> accept(ParsedTweet parsed, byte[] bytes, String origin) {
        read.increment();
        if (parsed instanceof ParsedTweet.Invalid invalid) return reject(invalid, bytes, origin);
        Tweet tweet = ((ParsedTweet.Valid) parsed).tweet();
        return feed.languages().passes(tweet.getLanguage()) ? publish(tweet) : filter();
    }

    private CompletableFuture<Outcome> publish(Tweet tweet) {
        return publisher.publish(tweet).thenApply(acknowledged -> {
            published.increment();
            listener.published(feed.name());
            return Outcome.PUBLISHED;
        });
    }

    private CompletableFuture<Outcome> filter() {
        filtered.increment();
        listener.filtered(feed.name());
        return CompletableFuture.completedFuture(Outcome.FILTERED);
    }

    private CompletableFuture<Outcome> reject(ParsedTweet.Invalid invalid, byte[] bytes, String origin) {
        Rejection rejection = new Rejection(SERVICE, invalid.reason(), invalid.detail(), origin);
        return publisher.reject(bytes, feed.name(), rejection).thenApply(acknowledged -> {
            rejected.increment();
            listener.rejected(feed.name(), invalid.reason());
            return Outcome.REJECTED;
        });
    }

    /** Waits until Kafka has acknowledged all records accepted so far, or has failed to. */
    public void flush() {
        publisher.flush();
    }

    /** Records accepted, including those that are not acknowledged yet. */
    public long read() {
        return read.sum();
    }

    /** Tweets that Kafka has acknowledged. */
    public long published() {
        return published.sum();
    }

    /** Tweets dropped because of their language. */
    public long filtered() {
        return filtered.sum();
    }

    /** Rejected records that Kafka has acknowledged. */
    public long rejected() {
        return rejected.sum();
    }
}
