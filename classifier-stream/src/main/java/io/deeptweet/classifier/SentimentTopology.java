// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import io.deeptweet.classifier.alert.AlertProcessor;
import io.deeptweet.classifier.decode.DecodingProcessor;
import io.deeptweet.classifier.decode.DecodingResult;
import io.deeptweet.classifier.decode.DecodingResult.DecodedTweet;
import io.deeptweet.classifier.decode.DecodingResult.InvalidRecord;
import io.deeptweet.classifier.drift.DriftProcessor;
import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.classifier.duplicate.DuplicateFilter;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.progress.ProgressRecorder;
import io.deeptweet.classifier.score.ScoringOutcome;
import io.deeptweet.classifier.score.ScoringProcessor;
import io.deeptweet.classifier.score.ScoringResult;
import io.deeptweet.classifier.window.FeedSumSerdes;
import io.deeptweet.classifier.window.FeedWindow;
import io.deeptweet.classifier.window.PartialSumProcessor;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.classifier.window.WindowProcessor;
import io.deeptweet.classifier.window.WindowTimes;
import io.deeptweet.classifier.window.WindowUpdate;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;

/**
 * The topology. Start reading here, at {@link #build()}.
 *
 * <pre>
 * tweets.raw → decode ─► drop duplicates ─► score ─► partial sums → repartition by feed
 *                 │                           ├─► tweets.scored          ├─► windows ─► sentiment.windows
 *                 └─► tweets.rejected         └─► tweets.shadow          ├─► drift   ─► sentiment.drift
 *                                                    sentiment.audit ────┴─► alerts  ─► sentiment.alerts
 * </pre>
 *
 * @param settings what the operator chooses
 * @param model the scorers in use
 * @param references what the models' reports say about their scores
 * @param alerts what alerts look at beside the stream
 * @param ids the schema ids
 * @param clock gives {@code scoredAt}, and the time that tweets of the future are counted at
 * @param observer is notified of what happens
 */
public record SentimentTopology(
        Settings settings,
        ActiveModel model,
        ModelReferences references,
        AlertProcessor.Inputs alerts,
        SchemaIds ids,
        Clock clock,
        Observer observer) {
    private static final String FEEDS = "feeds";

    /**
     * What the operator chooses.
     *
     * @param windows sizes of the tumbling windows, each in whole seconds
     * @param hopping sizes of the hopping windows beside them, none of which is the size of a tumbling one, each with
     *     its advance, of which it is a multiple; all in whole seconds
     * @param grace time after its end during which a window accepts tweets, by event time
     * @param retention time for which a closed window can be queried, by event time
     * @param strongestWords for each feed that shows its strongest words, how many at most per tweet; 1 or more
     * @param explainedTweets how many tweets of a feed are explained for its windows within 100 ms by each thread; 0
     *     for none
     * @param drift how drift is measured
     * @param feedPartitions partitions of the internal topics by feed, 1 or more. Not those of {@code tweets.raw}: a
     *     feed keeps its partition, where its windows are, when {@code tweets.raw} grows
     * @param duplicates how much is remembered to find duplicates
     */
    public record Settings(
            List<Duration> windows,
            Map<Duration, Duration> hopping,
            Duration grace,
            Duration retention,
            Map<String, Integer> strongestWords,
            int explainedTweets,
            DriftThresholds drift,
            int feedPartitions,
            DuplicateFilter.Memory duplicates) {
        public Settings {
            windows = List.copyOf(windows);
            hopping = Map.copyOf(hopping);
            strongestWords = Map.copyOf(strongestWords);
        }
    }

    /** Is notified of scored tweets, rejected records, duplicates, late tweets and drift. */
    public interface Observer
            extends DecodingProcessor.Observer,
                    ScoringProcessor.Observer,
                    DuplicateFilter.Observer,
                    WindowProcessor.Observer,
                    DriftProcessor.Observer {}

    /**
     * Builds the topology. Every step, store and internal topic has a fixed name, so that a later release finds them.
     */
    public Topology build() {
        return build(new RocksDBDslStoreSuppliers());
    }

    /** Builds the topology with its windows in these stores. */
    Topology build(DslStoreSuppliers stores) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], DecodedTweet> tweets = withoutDuplicates(decode(builder));
        KStream<String, ScoringResult> scored = score(tweets);
        KStream<String, SentimentAggregate> feeds = sumByFeed(scored);
        KStream<String, SpecificRecord> looked =
                measureDrift(feeds, settings.drift(), stores).merge(readAudit(builder), Named.as("drift-and-audit"));
        for (Duration size : settings.windows())
            looked = looked.merge(countWindows(feeds, tumbling(size), stores), Named.as("looked-at-" + size));
        settings.hopping()
                .forEach((size, advance) -> countWindows(
                        feeds, new WindowTimes(size, advance, settings.grace(), settings.retention()), stores));
        alert(looked, stores);
        return builder.build();
    }

    /** The internal topic by which each feed gets to its windows. */
    public static String repartitionTopic(String applicationId) {
        return applicationId + "-" + FEEDS + "-repartition";
    }

    /** The store of the windows of a size. */
    public static String storeOf(Duration size) {
        return "windows-" + size;
    }

    private KStream<byte[], DecodedTweet> decode(StreamsBuilder builder) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        Map<String, KStream<byte[], DecodingResult>> results = builder.stream(
                        Topics.RAW.name(),
                        Consumed.with(bytes, bytes)
                                .withName("read-tweets")
                                // Where offsets are lost, the stream must not choose where to go on.
                                .withOffsetResetPolicy(AutoOffsetReset.none()))
                .process(ProgressRecorder.supplier(), Named.as("record-progress"))
                .process(
                        () -> new DecodingProcessor(new AvroDeserializer<>(Tweet.class, ids), clock, observer),
                        Named.as("decode"))
                .split(Named.as("decoded-"))
                .branch((key, result) -> result instanceof DecodedTweet, Branched.as("tweets"))
                .defaultBranch(Branched.as("invalid"));
        results.get("decoded-invalid")
                .mapValues(result -> ((InvalidRecord) result).bytes(), Named.as("as-received"))
                .to(Topics.REJECTED.name(), Produced.with(bytes, bytes).withName("write-rejected"));
        return results.get("decoded-tweets").mapValues(result -> (DecodedTweet) result, Named.as("tweet"));
    }

    private KStream<byte[], DecodedTweet> withoutDuplicates(KStream<byte[], DecodedTweet> tweets) {
        return settings.duplicates().isOff()
                ? tweets
                : tweets.process(DuplicateFilter.of(settings.duplicates(), observer), Named.as("drop-duplicates"));
    }

    private KStream<String, ScoringResult> score(KStream<byte[], DecodedTweet> tweets) {
        Map<String, KStream<String, ScoringOutcome>> outcomes = tweets.process(
                        () -> new ScoringProcessor(model, settings.strongestWords(), clock, observer),
                        Named.as("score"))
                .split(Named.as("scoring-"))
                .branch((id, outcome) -> outcome instanceof ScoringResult, Branched.as("done"))
                .defaultBranch(Branched.as("failed"));
        outcomes.get("scoring-failed")
                .mapValues(outcome -> ((ScoringOutcome.Failed) outcome).bytes(), Named.as("not-scored"))
                .to(
                        Topics.REJECTED.name(),
                        Produced.with(Serdes.String(), Serdes.ByteArray()).withName("write-not-scored"));
        KStream<String, ScoringResult> scored =
                outcomes.get("scoring-done").mapValues(outcome -> (ScoringResult) outcome, Named.as("scored"));
        write(scored.mapValues(ScoringResult::tweet, Named.as("active")), Topics.SCORED, ScoredTweet.class, "scored");
        write(
                scored.flatMapValues(result -> result.shadow().stream().toList(), Named.as("shadow")),
                Topics.SHADOW,
                ScoredTweet.class,
                "shadow");
        return scored;
    }

    private KStream<String, SentimentAggregate> sumByFeed(KStream<String, ScoringResult> scored) {
        List<Duration> sizes = Stream.of(
                        settings.windows().stream(),
                        settings.hopping().values().stream(),
                        Stream.of(settings.drift().window()))
                .flatMap(each -> each)
                .toList();
        return scored.process(PartialSumProcessor.of(sizes, settings.explainedTweets()), Named.as("by-feed"))
                .repartition(Repartitioned.with(FeedSumSerdes.feed(), FeedSumSerdes.sum())
                        .withName(FEEDS)
                        .withNumberOfPartitions(settings.feedPartitions()));
    }

    private WindowTimes tumbling(Duration size) {
        return WindowTimes.tumbling(size, settings.grace(), settings.retention());
    }

    private KStream<String, SpecificRecord> countWindows(
            KStream<String, SentimentAggregate> feeds, WindowTimes times, DslStoreSuppliers stores) {
        Duration size = times.size();
        KStream<String, SentimentWindow> windows = feeds.process(
                        WindowProcessor.of(storeOf(size), times, stores, observer), Named.as("window-" + size))
                .map((window, update) -> published(window, size, update), Named.as("publish-" + size));
        write(windows, Topics.WINDOWS, SentimentWindow.class, "windows-" + size);
        return windows.mapValues(window -> window, Named.as("look-at-" + size));
    }

    private KStream<String, SpecificRecord> measureDrift(
            KStream<String, SentimentAggregate> feeds, DriftThresholds drift, DslStoreSuppliers stores) {
        KStream<String, DriftWindow> windows = feeds.mapValues(
                        SentimentAggregate::withoutExplained, Named.as("without-explained"))
                .process(
                        WindowProcessor.of(
                                "drift-" + drift.window(),
                                WindowTimes.tumbling(drift.window(), settings.grace(), Duration.ZERO),
                                stores,
                                WindowProcessor.Observer.NONE),
                        Named.as("drift"))
                .process(() -> new DriftProcessor(references, drift, observer), Named.as("judge"));
        write(windows, Topics.DRIFT, DriftWindow.class, "drift");
        return windows.mapValues(window -> window, Named.as("look-at-drift"));
    }

    /** What is done to models from the first start on; a record that cannot be read is left out. */
    private KStream<String, SpecificRecord> readAudit(StreamsBuilder builder) {
        AvroDeserializer<AuditRecord> records = new AvroDeserializer<>(AuditRecord.class, ids);
        return builder.stream(
                        Topics.AUDIT.name(),
                        Consumed.with(Serdes.String(), Serdes.ByteArray())
                                .withName("read-audit")
                                .withOffsetResetPolicy(AutoOffsetReset.latest()))
                .flatMapValues(bytes -> decoded(records, bytes), Named.as("look-at-audit"));
    }

    private static List<SpecificRecord> decoded(AvroDeserializer<AuditRecord> records, byte[] bytes) {
        try {
            return bytes == null ? List.of() : List.of(records.deserialize(Topics.AUDIT.name(), bytes));
        } catch (SerializationException e) {
            return List.of();
        }
    }

    private void alert(KStream<String, SpecificRecord> looked, DslStoreSuppliers stores) {
        Map<Duration, String> windows = settings.windows().stream()
                .distinct()
                .collect(Collectors.toMap(size -> size, SentimentTopology::storeOf));
        String[] connected = windows.values().stream()
                .flatMap(name -> Stream.of(name, WindowProcessor.timesOf(name)))
                .toArray(String[]::new);
        KStream<String, Alert> written = looked.process(
                AlertProcessor.of(
                        alerts,
                        new AlertProcessor.Windows(
                                windows,
                                (window, size, sum) -> published(window, size, new WindowUpdate(sum, false)).value),
                        stores),
                Named.as("alert"),
                connected);
        write(written, Topics.ALERTS, Alert.class, "alerts");
    }

    private <T extends SpecificRecord> void write(KStream<String, T> stream, Topic topic, Class<T> type, String name) {
        stream.to(
                topic.name(),
                Produced.with(Serdes.String(), AvroSerde.of(type, ids)).withName("write-" + name));
    }

    private KeyValue<String, SentimentWindow> published(FeedWindow window, Duration size, WindowUpdate update) {
        SentimentAggregate sum = update.sum();
        return KeyValue.pair(
                window.feed() + "/" + size + "/" + window.start(),
                sum.window(
                        window,
                        size,
                        references.correction(sum.versions()),
                        settings.drift().uncertainTenths(),
                        update.closed()));
    }
}
