// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetCopy;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * The destination of a feed's records. Publishes valid tweets to {@code tweets.raw}, drops those that the feed does not
 * want, sends invalid records to {@code tweets.rejected} and deletions to {@code tweets.deleted}, and counts.
 * Thread-safe.
 */
public final class FeedSink {
    /** What happened to a record. */
    public enum Outcome {
        PUBLISHED,
        FILTERED,
        REJECTED,
        SKIPPED
    }

    private static final String SERVICE = "ingest";

    private final Feed feed;
    private final TweetPublisher publisher;
    private final FeedListener listener;
    private final LongAdder read = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    public FeedSink(Feed feed, TweetPublisher publisher, FeedListener listener) {
        this.feed = feed;
        this.publisher = publisher;
        this.listener = listener;
    }

    public Feed feed() {
        return feed;
    }

    /**
     * Accepts a pushed record. Blocks while too many records wait for Kafka's acknowledgement.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @return completes when Kafka has acknowledged the record; fails if Kafka does not
     */
    public CompletableFuture<Outcome> accept(ParsedTweet parsed, byte[] bytes, String origin) {
        read.increment();
        if (parsed instanceof ParsedTweet.Invalid invalid) return reject(invalid, bytes, origin);
        if (parsed instanceof ParsedTweet.Skipped notice) return skip(notice);
        Tweet tweet = ((ParsedTweet.Valid) parsed).tweet();
        return feed.passes(new SearchedTweet(tweet)) ? publish(tweet) : filter();
    }

    private CompletableFuture<Outcome> publish(Tweet tweet) {
        return publisher.publish(tweet).thenApply(acknowledged -> {
            published.increment();
            listener.published(feed.name(), 1);
            return Outcome.PUBLISHED;
        });
    }

    private CompletableFuture<Outcome> filter() {
        filtered.increment();
        listener.filtered(feed.name(), 1);
        return CompletableFuture.completedFuture(Outcome.FILTERED);
    }

    private CompletableFuture<Outcome> skip(ParsedTweet.Skipped notice) {
        CompletableFuture<Void> deletion = notice.deleted()
                .map(id -> publisher.delete(id, feed.name()))
                .orElse(CompletableFuture.completedFuture(null));
        return deletion.thenApply(acknowledged -> {
            skipped.increment();
            listener.skipped(feed.name(), notice.kind(), 1);
            return Outcome.SKIPPED;
        });
    }

    private CompletableFuture<Outcome> reject(ParsedTweet.Invalid invalid, byte[] bytes, String origin) {
        return publisher.reject(bytes, feed.name(), rejection(invalid, origin)).thenApply(acknowledged -> {
            rejected.increment();
            listener.rejected(feed.name(), invalid.reason(), 1);
            return Outcome.REJECTED;
        });
    }

    private static Rejection rejection(ParsedTweet.Invalid invalid, String origin) {
        return new Rejection(SERVICE, invalid.reason(), invalid.detail(), origin);
    }

    /**
     * Writes a record of the feed's source in a transaction, and the tweet's label beside it if there is one. It is
     * counted when the outcomes are {@linkplain #count counted}.
     *
     * @param bytes the record as it was received
     * @param origin where it came from, such as {@code feed.jsonl:12}
     * @param outcomes gets what happened to the record
     * @return what happened to it
     */
    public Outcome write(
            SourceTransactions transactions, ParsedTweet parsed, byte[] bytes, String origin, FeedOutcomes outcomes) {
        if (parsed instanceof ParsedTweet.Invalid invalid) {
            transactions.reject(bytes, rejection(invalid, origin));
            outcomes.addRejected(invalid.reason());
            return Outcome.REJECTED;
        }
        if (parsed instanceof ParsedTweet.Skipped notice) {
            notice.deleted().ifPresent(transactions::delete);
            outcomes.addSkipped(notice.kind());
            return Outcome.SKIPPED;
        }
        ParsedTweet.Valid valid = (ParsedTweet.Valid) parsed;
        return write(transactions, new SearchedTweet(valid.tweet()), valid.label(), outcomes);
    }

    /** As the other method, for a tweet that may belong to other feeds too. */
    Outcome write(
            SourceTransactions transactions, SearchedTweet searched, Optional<Sentiment> label, FeedOutcomes outcomes) {
        if (!feed.passes(searched)) {
            outcomes.addFiltered();
            return Outcome.FILTERED;
        }
        Tweet tweet = ofFeed(searched.tweet());
        transactions.publish(tweet);
        label.ifPresent(sentiment -> transactions.label(tweet, sentiment));
        outcomes.addPublished();
        return Outcome.PUBLISHED;
    }

    private Tweet ofFeed(Tweet tweet) {
        return tweet.getFeed().equals(feed.name()) ? tweet : TweetCopy.withFeed(tweet, feed.name());
    }

    /** Counts the records of a transaction that Kafka has committed. */
    public void count(FeedOutcomes outcomes) {
        read.add(outcomes.read());
        published.add(outcomes.published());
        filtered.add(outcomes.filtered());
        if (outcomes.published() > 0) listener.published(feed.name(), outcomes.published());
        if (outcomes.filtered() > 0) listener.filtered(feed.name(), outcomes.filtered());
        outcomes.skipped().forEach((kind, count) -> {
            skipped.add(count);
            listener.skipped(feed.name(), kind, count);
        });
        outcomes.rejected().forEach((reason, count) -> {
            rejected.add(count);
            listener.rejected(feed.name(), reason, count);
        });
    }

    /** Records accepted, including pushed ones that are not acknowledged yet. */
    public long read() {
        return read.sum();
    }

    /** Tweets that Kafka has acknowledged. */
    public long published() {
        return published.sum();
    }

    /** Tweets dropped because of their language, or by the feed's rule. */
    public long filtered() {
        return filtered.sum();
    }

    /** Records that are no tweets but known, such as notices of deletions. */
    public long skipped() {
        return skipped.sum();
    }

    /** Rejected records that Kafka has acknowledged. */
    public long rejected() {
        return rejected.sum();
    }
}
