// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.reload.ModelReload;
import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Counts what the stream and the watcher do, as metrics and in the log. */
@Singleton
public class Meters implements SentimentTopology.Observer, ModelReload.Observer, PollSizes.Observer {
    private static final Logger LOG = Logger.getLogger(Meters.class);
    private static final int REFUSALS_KEPT = 10;
    /** A live feed's are a fraction of a second; a replay's, or an outage's, may be anything. */
    private static final Duration[] DELAYS = Stream.of(
                    "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.15", "0.2", "0.3", "0.5", "1", "2", "5", "10",
                    "30", "60", "600", "3600", "86400")
            .map(seconds -> Duration.parse("PT" + seconds + "S"))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Timer scoring;
    private final Timer sinceCreated;
    private final Timer sinceAppended;
    private final DistributionSummary batches;
    private final Map<Rejection.Reason, Counter> rejected = new EnumMap<>(Rejection.Reason.class);
    private final Map<Duration, Counter> late = new ConcurrentHashMap<>();
    private final Counter refused;
    private final MultiGauge active;
    private final MultiGauge shadow;
    private final Deque<String> refusals = new ArrayDeque<>();
    private volatile Optional<Instant> since = Optional.empty();
    private String activeVersion = ""; // this and the next are the watcher's thread's
    private Optional<String> shadowVersion = Optional.empty();
    private volatile Optional<Comparison> comparison = Optional.empty();
    private volatile Optional<DriftGauges> drift = Optional.empty();

    @Inject
    Meters(MeterRegistry registry) {
        this.registry = registry;
        scoring = Timer.builder("deeptweet.scoring")
                .description("Time to clean, tokenize and score a tweet")
                .serviceLevelObjectives(
                        microseconds(10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 100_000))
                .register(registry);
        sinceCreated = Timer.builder("deeptweet.delay")
                .tag("from", "created")
                .description("Time from when a tweet was written until it was scored")
                .serviceLevelObjectives(DELAYS)
                .register(registry);
        sinceAppended = Timer.builder("deeptweet.delay")
                .tag("from", "appended")
                .description("Time from when a tweet was appended to tweets.raw until it was scored")
                .serviceLevelObjectives(DELAYS)
                .register(registry);
        batches = DistributionSummary.builder("deeptweet.batch.size")
                .baseUnit("records")
                .description("Records of tweets.raw that came with one poll")
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
        refused = Counter.builder("deeptweet.model.refused")
                .description("Models and model records refused")
                .register(registry);
        active = MultiGauge.builder("deeptweet.active.model.info")
                .description("1 for the version that scores")
                .register(registry);
        shadow = MultiGauge.builder("deeptweet.shadow.model.info")
                .description("1 for the version that scores the same tweets for comparison only")
                .register(registry);
    }

    /**
     * From now on tells of this stream too, which has windows of these sizes, and judges drift from so many tweets on.
     */
    void follow(SentimentStream stream, List<Duration> windows, long leastTweets) {
        drift = Optional.of(new DriftGauges(registry, leastTweets));
        windows.forEach(
                size -> late.put(size, lateFor(size))); // so that a first late tweet is seen as an increase from zero
        Gauge.builder(
                        "deeptweet.lag",
                        stream,
                        running -> running.lag().isPresent() ? running.lag().getAsLong() : Double.NaN)
                .description("Records of tweets.raw not scored yet; NaN until it is known")
                .register(registry);
        new KafkaStreamsMetrics(stream.streams()).bindTo(registry);
    }

    @Override
    public void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs) {
        scoring.record(tookNanos, TimeUnit.NANOSECONDS);
        // Clocks of two machines differ: what seems to have come from the future has just come.
        sinceCreated.record(Math.max(0, sinceCreatedMs), TimeUnit.MILLISECONDS);
        sinceAppended.record(Math.max(0, sinceAppendedMs), TimeUnit.MILLISECONDS);
    }

    @Override
    public void polled(int records) {
        batches.record(records);
    }

    @Override
    public void rejected(Rejection rejection) {
        rejected.get(rejection.reason()).increment();
        LOG.debugf("rejected %s: %s", rejection.origin(), rejection.detail());
    }

    @Override
    public void late(Duration size, long tweets) {
        late.get(size).increment(tweets);
    }

    private Counter lateFor(Duration size) {
        return Counter.builder("deeptweet.late")
                .tag("window", size.toString())
                .description("Tweets that came too late for their window of this size")
                .register(registry);
    }

    @Override
    public void swapped(Optional<String> from, String to, Duration took) {
        since = Optional.of(Instant.now());
        active.register(List.of(MultiGauge.Row.of(Tags.of("version", to), 1)), true);
        activeVersion = to;
        compare();
        LOG.infof("model %s → %s, in %d ms", from.orElse("none"), to, took.toMillis());
    }

    @Override
    public void shadowed(Optional<String> from, Optional<String> to, Duration took) {
        shadow.register(
                to.stream()
                        .map(version -> MultiGauge.Row.of(Tags.of("version", version), 1))
                        .toList(),
                true);
        shadowVersion = to;
        compare();
        LOG.infof("shadow %s → %s, in %d ms", from.orElse("none"), to.orElse("none"), took.toMillis());
    }

    /** Begins to compare the two models in use anew, if there are two. */
    private void compare() {
        comparison.ifPresent(Comparison::end);
        comparison = shadowVersion
                .filter(version -> !activeVersion.equals(version))
                .map(version -> new Comparison(activeVersion, version, registry));
    }

    @Override
    public void compared(Score active, Score shadow) {
        // Around a swap, a thread may still score with a pair that is no more.
        comparison
                .filter(current -> current.isOf(active.version(), shadow.version()))
                .ifPresent(current -> current.take(active, shadow));
    }

    @Override
    public void shadowFailed(String active, String shadow, RuntimeException because) {
        comparison.filter(current -> current.isOf(active, shadow)).ifPresent(current -> current.failed(because));
    }

    @Override
    public void drift(DriftWindow window) {
        drift.ifPresent(gauges -> gauges.take(window));
    }

    @Override
    public void driftEnds(String feed) {
        drift.ifPresent(gauges -> gauges.forget(feed));
    }

    @Override
    public void refused(String because) {
        refused.increment();
        synchronized (refusals) {
            refusals.addLast(because);
            if (refusals.size() > REFUSALS_KEPT) refusals.removeFirst();
        }
        LOG.error(because);
    }

    private static Duration[] microseconds(long... bounds) {
        return LongStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(1_000 * bound))
                .toArray(Duration[]::new);
    }

    long scored() {
        return scoring.count();
    }

    long rejected() {
        return (long) rejected.values().stream().mapToDouble(Counter::count).sum();
    }

    /** The last refusals, the oldest first. */
    List<String> refusals() {
        synchronized (refusals) {
            return List.copyOf(refusals);
        }
    }

    /** When the active model was swapped in. */
    Optional<Instant> since() {
        return since;
    }

    /** How the shadow compares; empty if there is none. */
    Optional<Comparison.Summary> shadow() {
        return comparison.map(Comparison::summary);
    }

    /** The drift of the feeds that this instance measures. */
    List<DriftGauges.Summary> drift() {
        return drift.map(DriftGauges::summaries).orElse(List.of());
    }
}
