// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the stream's topics hold of one feed, as a committed reader sees it. */
final class StreamRecords {
    private final Map<String, String> addresses;
    private final String feed;
    private final AvroDeserializer<ScoredTweet> tweetReader;
    private final AvroDeserializer<SentimentWindow> windowReader;
    private final List<ScoredTweet> tweets = new ArrayList<>();
    private final Map<Integer, List<String>> versions = new TreeMap<>();
    private final Map<String, SentimentWindow> windows = new HashMap<>();

    /** @param addresses client settings */
    StreamRecords(Map<String, String> addresses, String feed) {
        this.addresses = addresses;
        this.feed = feed;
        SchemaIds ids = SchemaIds.ofRegistry(addresses);
        tweetReader = new AvroDeserializer<>(ScoredTweet.class, ids);
        windowReader = new AvroDeserializer<>(SentimentWindow.class, ids);
    }

    /** Reads both topics from their beginning. */
    void read() {
        tweets.clear();
        versions.clear();
        windows.clear();
        CommittedReader.readAll(addresses, Topics.SCORED, record -> {
            ScoredTweet tweet = tweetReader.deserialize(record.topic(), record.value());
            if (!tweet.getFeed().equals(feed)) return;
            tweets.add(tweet);
            List<String> inPartition = versions.computeIfAbsent(record.partition(), absent -> new ArrayList<>());
            if (inPartition.isEmpty()
                    || !inPartition.get(inPartition.size() - 1).equals(tweet.getModelVersion()))
                inPartition.add(tweet.getModelVersion());
        });
        CommittedReader.readAll(addresses, Topics.WINDOWS, record -> {
            SentimentWindow window = windowReader.deserialize(record.topic(), record.value());
            if (window.getFeed().equals(feed)) windows.put(window.getStart() + "-" + window.getEnd(), window);
        });
    }

    /** How many scored tweets there are. */
    int scored() {
        return tweets.size();
    }

    Set<String> ids() {
        return tweets.stream().map(ScoredTweet::getId).collect(Collectors.toCollection(TreeSet::new));
    }

    /** For each partition the versions that scored, as they follow each other. */
    Collection<List<String>> versionsInOrder() {
        return versions.values();
    }

    Map<String, Long> scoredByVersion() {
        return tweets.stream()
                .collect(Collectors.groupingBy(ScoredTweet::getModelVersion, TreeMap::new, Collectors.counting()));
    }

    Map<Duration, Integer> countedBySize() {
        return windows.values().stream()
                .collect(Collectors.toMap(
                        window -> Duration.between(window.getStart(), window.getEnd()),
                        window -> (int) window.getCount(),
                        Integer::sum));
    }

    /** Of the smallest windows. */
    Map<String, Long> countedByVersion() {
        Map<String, Long> counted = new TreeMap<>();
        windows.values().stream()
                .filter(window ->
                        Duration.between(window.getStart(), window.getEnd()).equals(Duration.ofSeconds(10)))
                .forEach(window -> window.getModelVersions()
                        .forEach((version, count) -> counted.merge(version, count, Long::sum)));
        return counted;
    }

    /** The longest time between two scores, ms. */
    long longestPause() {
        List<Instant> times =
                tweets.stream().map(ScoredTweet::getScoredAt).sorted().toList();
        return IntStream.range(1, times.size())
                .mapToLong(i -> Duration.between(times.get(i - 1), times.get(i)).toMillis())
                .max()
                .orElse(0);
    }
}
