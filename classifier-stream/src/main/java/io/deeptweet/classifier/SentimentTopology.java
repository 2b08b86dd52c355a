// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;

import io.deeptweet.classifier.drift.DriftLimits;
import io.deeptweet.classifier.drift.DriftReport;
import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.reject.Decoded;
import io.deeptweet.classifier.reject.TweetDecoding;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.classifier.score.Scored;
import io.deeptweet.classifier.score.TweetScoring;
import io.deeptweet.classifier.window.OnTime;
import io.deeptweet.classifier.window.PartialSums;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.classifier.window.SentimentAggregateSerde;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The whole flow: {@code tweets.raw} → decode → score → {@code tweets.scored} → partial sums → windows →
 * {@code sentiment.windows}, with what cannot be read to {@code tweets.rejected}, what a shadow model says to
 * {@code tweets.shadow}, and how far feeds are from what the model learned from to {@code sentiment.drift}. Start
 * reading here.
 *
 * @param model the models in use
 * @param ids the ids that schemas go by
 * @param windows sizes of the tumbling windows
 * @param grace how long after its end a window still takes tweets, by the time of writing
 * @param strongestWords the feeds whose scored tweets carry their strongest words, and how many at most
 * @param limits what drift is measured by
 * @param references what drift is measured against
 * @param clock for {@code scoredAt}, and for what the future is
 * @param observer told of what happens
 */
public record SentimentTopology(
        ActiveModel model,
        SchemaIds ids,
        List<Duration> windows,
        Duration grace,
        Map<String, Integer> strongestWords,
        DriftLimits limits,
        ReferenceScores references,
        Clock clock,
        Observer observer) {
    /** Told of tweets scored, records rejected, tweets too late for a window, and drift. */
    public interface Observer
            extends TweetScoring.Observer, TweetDecoding.Observer, OnTime.Observer, DriftReport.Observer {}

    /** Every step, store and internal topic has a name of its own, so that a later release finds them again. */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<byte[]> bytes = Serdes.ByteArray();
        Serde<SentimentAggregate> aggregates = new SentimentAggregateSerde();

        Map<String, KStream<byte[], Decoded>> decoded = builder.stream(
                        Topics.RAW.name(), Consumed.with(bytes, bytes).withName("read-tweets"))
                .process(
                        () -> new TweetDecoding(new AvroDeserializer<>(Tweet.class, ids), clock, observer),
                        Named.as("decode"))
                .split(Named.as("decoded-"))
                .branch((key, value) -> value instanceof Decoded.Readable, Branched.as("readable"))
                .defaultBranch(Branched.as("unreadable"));

        decoded.get("decoded-unreadable")
                .mapValues(value -> ((Decoded.Unreadable) value).bytes(), Named.as("as-it-came"))
                .to(Topics.REJECTED.name(), Produced.with(bytes, bytes).withName("write-rejected"));

        KStream<String, Scored> scored = decoded.get("decoded-readable")
                .mapValues(value -> (Decoded.Readable) value, Named.as("tweet"))
                .process(() -> new TweetScoring(model, strongestWords, clock, observer), Named.as("score"));
        scored.mapValues(Scored::tweet, Named.as("active"))
                .to(
                        Topics.SCORED.name(),
                        Produced.with(Serdes.String(), AvroSerde.of(ScoredTweet.class, ids))
                                .withName("write-scored"));
        scored.flatMapValues(tweet -> tweet.shadow().stream().toList(), Named.as("shadow"))
                .to(
                        Topics.SHADOW.name(),
                        Produced.with(Serdes.String(), AvroSerde.of(ScoredTweet.class, ids))
                                .withName("write-shadow"));

        KStream<String, SentimentAggregate> feeds = scored.process(
                        PartialSums.of(Stream.concat(windows.stream(), Stream.of(limits.window()))
                                .toList()),
                        Named.as("by-feed"))
                .repartition(Repartitioned.with(Serdes.String(), aggregates).withName("feeds"));
        for (Duration size : windows)
            feeds.processValues(() -> new OnTime(size, grace, observer), Named.as("on-time-" + size))
                    .groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(size, grace))
                    .reduce(SentimentAggregate::plus, Named.as("window-" + size), store("windows-" + size, size))
                    .toStream(Named.as("windows-so-far-" + size))
                    .map(
                            (window, sum) ->
                                    published(window.key(), window.window().startTime(), size, sum),
                            Named.as("publish-" + size))
                    .to(
                            Topics.WINDOWS.name(),
                            Produced.with(Serdes.String(), AvroSerde.of(SentimentWindow.class, ids))
                                    .withName("write-windows-" + size));

        feeds.processValues(
                        () -> new OnTime(limits.window(), grace, (late, tweets) -> {}),
                        Named.as("on-time-drift")) // the windows have counted it
                .groupByKey()
                .windowedBy(TimeWindows.ofSizeAndGrace(limits.window(), grace))
                .reduce(SentimentAggregate::plus, Named.as("drift"), store("drift-" + limits.window(), limits.window()))
                .toStream(Named.as("drift-so-far"))
                .process(() -> new DriftReport(references, limits, observer), Named.as("judge"))
                .to(
                        Topics.DRIFT.name(),
                        Produced.with(Serdes.String(), AvroSerde.of(DriftWindow.class, ids))
                                .withName("write-drift"));
        return builder.build();
    }

    private Materialized<String, SentimentAggregate, WindowStore<Bytes, byte[]>> store(String name, Duration size) {
        return Materialized.<String, SentimentAggregate, WindowStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(new SentimentAggregateSerde())
                .withRetention(size.plus(grace))
                // The changelog keeps what was written lately. By event time, a replay of last year's tweets would be
                // deleted at once.
                .withLoggingEnabled(Map.of(MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }

    private static KeyValue<String, SentimentWindow> published(
            String feed, Instant start, Duration size, SentimentAggregate sum) {
        return KeyValue.pair(feed + "/" + size + "/" + start, sum.window(feed, start, start.plus(size)));
    }
}
