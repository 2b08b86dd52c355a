// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.text.UntrustedText;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** The drift of each feed that this instance measures: that of its newest window with enough tweets to judge. */
final class DriftMetrics {
    private static final Logger LOG = Logger.getLogger(DriftMetrics.class);
    private static final List<String> MEASURES = List.of("unknown", "uncertain", "psi");

    /** Feeds that have metrics, and feeds that are remembered: their names come from whoever may write tweets. */
    private static final int MOST_WITH_METRICS = 100;

    private static final int MOST_FEEDS = 1_000;

    private final MeterRegistry registry;
    private final long leastTweets;
    private final Map<String, DriftWindow> newest = new ConcurrentHashMap<>();
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    DriftMetrics(MeterRegistry registry, long leastTweets) {
        this.registry = registry;
        this.leastTweets = leastTweets;
    }

    void update(DriftWindow window) {
        if (window.getCount() < leastTweets) return;
        DriftWindow before = newest.get(window.getFeed());
        if (before != null && before.getStart().isAfter(window.getStart())) return;
        if (before == null && newest.size() >= MOST_FEEDS) removeOldest();
        newest.put(window.getFeed(), window);
        if (before == null && meters.size() < MOST_WITH_METRICS)
            meters.put(window.getFeed(), register(window.getFeed()));
        logChanges(window, before == null ? Set.of() : Set.copyOf(before.getAlarms()));
    }

    void remove(String feed) {
        newest.remove(feed);
        List<Meter> registered = meters.remove(feed);
        if (registered != null) registered.forEach(registry::remove);
    }

    private void removeOldest() {
        newest.values().stream()
                .min(Comparator.comparing(DriftWindow::getStart))
                .ifPresent(oldest -> remove(oldest.getFeed()));
    }

    List<DriftSummary> summaries() {
        return new TreeMap<>(newest).values().stream().map(DriftSummary::of).toList();
    }

    private List<Meter> register(String feed) {
        List<Meter> registered = new ArrayList<>();
        registered.add(gauge(
                "deeptweet.drift.unknown",
                "Share of tokens that the vocabulary does not hold",
                feed,
                DriftWindow::getUnknownRate));
        registered.add(gauge(
                "deeptweet.drift.uncertain",
                "Share of tweets whose two most probable classes are near each other",
                feed,
                DriftWindow::getUncertainShare));
        registered.add(gauge(
                "deeptweet.drift.psi",
                "Population stability index of the probabilities against those in the model's report, the largest of"
                        + " the classes; NaN if the report has no histograms",
                feed,
                window -> window.getPsi().orElse(Double.NaN)));
        for (String measure : MEASURES)
            registered.add(Gauge.builder(
                            "deeptweet.drift.alarm",
                            newest,
                            windows -> value(
                                    windows.get(feed),
                                    window -> window.getAlarms().contains(measure) ? 1 : 0))
                    .tags("feed", feed, "measure", measure)
                    .description("1 while a measure of drift is above its threshold")
                    .register(registry));
        return registered;
    }

    private Gauge gauge(String name, String description, String feed, ToDoubleFunction<DriftWindow> of) {
        return Gauge.builder(name, newest, windows -> value(windows.get(feed), of))
                .tag("feed", feed)
                .description(description)
                .register(registry);
    }

    private static double value(DriftWindow window, ToDoubleFunction<DriftWindow> of) {
        return window == null ? Double.NaN : of.applyAsDouble(window);
    }

    private static void logChanges(DriftWindow window, Set<String> before) {
        Set<String> begun = new HashSet<>(window.getAlarms());
        begun.removeAll(before);
        Set<String> ended = new HashSet<>(before);
        ended.removeAll(window.getAlarms());
        String feed = UntrustedText.oneLine(window.getFeed());
        if (!begun.isEmpty()) LOG.warnf("feed %s drifts by %s: %s", feed, String.join(", ", begun), figures(window));
        if (!ended.isEmpty())
            LOG.infof("feed %s no longer drifts by %s: %s", feed, String.join(", ", ended), figures(window));
    }

    private static String figures(DriftWindow window) {
        return String.format(
                Locale.ROOT,
                "%d tweets from %s on, %.1f %% of tokens unknown, %.1f %% of tweets uncertain%s",
                window.getCount(),
                window.getStart(),
                100 * window.getUnknownRate(),
                100 * window.getUncertainShare(),
                window.getPsi()
                        .map(psi -> String.format(Locale.ROOT, ", PSI %.2f", psi))
                        .orElse(""));
    }
}
