// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.stream.InternalRecordHandler;
import io.deeptweet.classifier.stream.PollSizeInterceptor;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.text.UntrustedText;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Reports what the stream does as metrics. */
public final class StreamMetrics
        implements SentimentTopology.Observer, PollSizeInterceptor.Observer, InternalRecordHandler.Observer {
    private static final Logger LOG = Logger.getLogger(StreamMetrics.class);
    /** Bucket bounds: a live feed takes fractions of a second, a replay or an outage any time. */
    private static final Duration[] DELAYS = Stream.of(
                    "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.15", "0.2", "0.3", "0.5", "1", "2", "5", "10",
                    "30", "60", "600", "3600", "86400")
            .map(seconds -> Duration.parse("PT" + seconds + "S"))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final ModelMetrics models;
    private final DriftMetrics drift;
    private final Timer scoring;
    private final Timer sinceCreated;
    private final Timer sinceAppended;
    private final DistributionSummary batches;
    private final Map<Rejection.Reason, Counter> rejected = new EnumMap<>(Rejection.Reason.class);
    /** The versions that could not score a text; few, because each was active. */
    private final Set<String> failedVersions = ConcurrentHashMap.newKeySet();

    private final Counter duplicates;
    private final Counter skipped;
    private final Map<Duration, Counter> late = new HashMap<>();
    private final Map<Duration, Counter> forgotten = new HashMap<>();

    /**
     * Registers the metrics.
     *
     * @param models receives the comparisons with a shadow
     * @param windows sizes of the stream's windows
     * @param leastTweets number of tweets from which on a window's drift is shown
     */
    public StreamMetrics(MeterRegistry registry, ModelMetrics models, List<Duration> windows, long leastTweets) {
        this.registry = registry;
        this.models = models;
        drift = new DriftMetrics(registry, leastTweets);
        scoring = Timer.builder("deeptweet.scoring")
                .description("Time to clean, tokenize and score a tweet")
                .serviceLevelObjectives(
                        microseconds(10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 100_000))
                .register(registry);
        sinceCreated = delay("created", "Time from when a tweet was written until it was scored");
        sinceAppended = delay("appended", "Time from when a tweet was appended to tweets.raw until it was scored");
        batches = DistributionSummary.builder("deeptweet.batch.size")
                .baseUnit("records")
                .description("Records of tweets.raw that one poll returned")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
                .register(registry);
        FunctionCounter.builder("deeptweet.scored", scoring, Timer::count)
                .description("Tweets scored")
                .register(registry);
        for (Rejection.Reason reason : Rejection.Reason.values())
            rejected.put(
                    reason,
                    Counter.builder("deeptweet.rejected")
                            .tag("reason", reason.code())
                            .description("Records written to tweets.rejected")
                            .register(registry));
        duplicates = Counter.builder("deeptweet.tweets.duplicate")
                .description("Tweets dropped because their feed and id were processed shortly before")
                .register(registry);
        skipped = Counter.builder("deeptweet.internal.skipped")
                .description("Records of internal topics that no classifier has written, and that were skipped")
                .register(registry);
        for (Duration size : windows) { // from the start, so that the first late tweet is an increase from zero
            late.put(size, counter("deeptweet.late", size, "Tweets that came too late for their window of this size"));
            forgotten.put(
                    size,
                    counter(
                            "deeptweet.feeds.forgotten",
                            size,
                            "Feeds whose windows of this size were closed early, because there are too many feeds"));
        }
    }

    /** Adds the metrics of Kafka Streams and its clients, and the lag. */
    public void bind(SentimentStream stream) {
        Gauge.builder(
                        "deeptweet.lag",
                        stream,
                        running -> running.lag().isPresent() ? running.lag().getAsLong() : Double.NaN)
                .description("Records of tweets.raw not scored yet; NaN until it is known")
                .register(registry);
        new KafkaStreamsMetrics(stream.streams()).bindTo(registry);
    }

    @Override
    public void polled(int records) {
        batches.record(records);
    }

    @Override
    public void rejected(Rejection rejection) {
        rejected.get(rejection.reason()).increment();
        if (LOG.isDebugEnabled())
            LOG.debugf("rejected %s: %s", rejection.origin(), UntrustedText.oneLine(rejection.detail()));
    }

    @Override
    public void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs) {
        scoring.record(tookNanos, TimeUnit.NANOSECONDS);
        // The clocks of two machines differ: a time in the future counts as now.
        sinceCreated.record(Math.max(0, sinceCreatedMs), TimeUnit.MILLISECONDS);
        sinceAppended.record(Math.max(0, sinceAppendedMs), TimeUnit.MILLISECONDS);
    }

    @Override
    public void scoringFailed(String version, Rejection rejection) {
        rejected(rejection);
        if (failedVersions.add(version)) // once for each version: the texts that it fails at may be many
        LOG.errorf(
                    "%s at %s; such tweets are rejected with the reason %s",
                    UntrustedText.oneLine(rejection.detail()),
                    rejection.origin(),
                    rejection.reason().code());
    }

    @Override
    public void duplicate() {
        duplicates.increment();
    }

    @Override
    public void skipped(String origin, Exception cause) {
        skipped.increment();
        LOG.errorf("skipped %s, which no classifier has written: %s", origin, UntrustedText.oneLine(cause.toString()));
    }

    @Override
    public void compared(Score active, Score shadow) {
        models.compared(active, shadow);
    }

    @Override
    public void shadowFailed(String active, String shadow, RuntimeException cause) {
        models.shadowFailed(active, shadow, cause);
    }

    @Override
    public void late(Duration size, long tweets) {
        late.get(size).increment((double) tweets);
    }

    @Override
    public void forgotten(Duration size, int feeds) {
        forgotten.get(size).increment(feeds);
        LOG.warnf("windows of %s follow too many feeds: %d that were quiet the longest are closed", size, feeds);
    }

    @Override
    public void drift(DriftWindow window) {
        drift.update(window);
    }

    @Override
    public void driftEnds(String feed) {
        drift.remove(feed);
    }

    /** Returns the number of tweets scored since the start. */
    public long scored() {
        return scoring.count();
    }

    /** Returns the number of records rejected since the start. */
    public long rejected() {
        return (long) rejected.values().stream().mapToDouble(Counter::count).sum();
    }

    /** Returns the number of duplicates dropped since the start. */
    public long duplicates() {
        return (long) duplicates.count();
    }

    /** Returns the drift of the feeds that this instance measures, by name. */
    public List<DriftSummary> drift() {
        return drift.summaries();
    }

    private Counter counter(String name, Duration window, String description) {
        return Counter.builder(name)
                .tag("window", window.toString())
                .description(description)
                .register(registry);
    }

    private Timer delay(String from, String description) {
        return Timer.builder("deeptweet.delay")
                .tag("from", from)
                .description(description)
                .serviceLevelObjectives(DELAYS)
                .register(registry);
    }

    private static Duration[] microseconds(long... bounds) {
        return LongStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(1_000 * bound))
                .toArray(Duration[]::new);
    }
}
