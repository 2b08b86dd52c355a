// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.SourceState;
import io.deeptweet.ingest.source.SourceHandle;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The sources {@code one}, {@code two} and {@code fixed}, which read nothing. It keeps what is done with them, in
 * order.
 */
final class FakeSources implements LiveFeeds.Launcher {
    private final List<String> events = new ArrayList<>();
    private final TreeMap<String, SourceState> states = new TreeMap<>();

    /** Such as {@code start one [a, b]}; {@code anew} if the source forgets its position. */
    List<String> events() {
        return events;
    }

    SourceState state(String source) {
        return states.get(source);
    }

    Optional<TweetSource> find(String name) {
        return List.of("one", "two", "fixed").contains(name) ? Optional.of(new NoTweets(name)) : Optional.empty();
    }

    @Override
    public SourceHandle start(
            String name, TweetSource source, SourceState state, List<FeedSink> sinks, boolean fromBeginning) {
        events.add("start " + name + (fromBeginning ? " anew " : " ") + names(sinks));
        states.put(name, state);
        return new SourceHandle() {
            @Override
            public void supply(List<FeedSink> feeds) {
                events.add("supply " + name + " " + names(feeds));
            }

            @Override
            public void close() {
                events.add("close " + name);
            }
        };
    }

    private static String names(List<FeedSink> sinks) {
        return sinks.stream().map(sink -> sink.feed().name()).collect(Collectors.joining(", ", "[", "]"));
    }

    private record NoTweets(String name) implements TweetSource {
        @Override
        public void run(SourceOutput output, String position) {
            throw new AssertionError("nobody runs it");
        }

        @Override
        public Optional<String> fixedFeeds() {
            return name.equals("fixed") ? Optional.of("only the settings define feeds of fixed") : Optional.empty();
        }

        @Override
        public String describe() {
            return "source " + name;
        }
    }
}
