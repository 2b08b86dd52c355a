// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import io.deeptweet.classifier.model.ModelReloader;
import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.text.UntrustedText;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reports the models in use and the refused ones as metrics, in the log and in {@code /status}. */
public final class ModelMetrics implements ModelReloader.Observer {
    private static final Logger LOG = Logger.getLogger(ModelMetrics.class);
    private static final int REFUSALS_KEPT = 10;

    private final MeterRegistry registry;
    private final Counter refused;
    private final MultiGauge active;
    private final MultiGauge shadow;
    private final Deque<String> refusals = new ArrayDeque<>();
    private volatile Optional<Instant> activeSince = Optional.empty();
    private volatile Optional<ShadowComparison> comparison = Optional.empty();
    // Used by the watcher's thread only.
    private Optional<String> activeVersion = Optional.empty();
    private Optional<String> shadowVersion = Optional.empty();

    public ModelMetrics(MeterRegistry registry) {
        this.registry = registry;
        refused = Counter.builder("deeptweet.model.refused")
                .description("Models and model records refused")
                .register(registry);
        active = MultiGauge.builder("deeptweet.active.model.info")
                .description("1 for the active version")
                .register(registry);
        shadow = MultiGauge.builder("deeptweet.shadow.model.info")
                .description("1 for the version in shadow mode")
                .register(registry);
    }

    @Override
    public void swapped(Optional<String> from, String to, Duration took) {
        activeSince = Optional.of(Instant.now());
        activeVersion = Optional.of(to);
        show(active, activeVersion);
        compare();
        LOG.infof("model %s → %s, in %d ms", shown(from), shown(activeVersion), took.toMillis());
    }

    @Override
    public void shadowed(Optional<String> from, Optional<String> to, Duration took) {
        shadowVersion = to;
        show(shadow, shadowVersion);
        compare();
        LOG.infof("shadow %s → %s, in %d ms", shown(from), shown(to), took.toMillis());
    }

    @Override
    public void refused(String reason) {
        refused.increment();
        synchronized (refusals) {
            refusals.addLast(reason);
            if (refusals.size() > REFUSALS_KEPT) refusals.removeFirst();
        }
        LOG.error(UntrustedText.oneLine(reason));
    }

    /** Returns the last refusals, the oldest first. */
    public List<String> refusals() {
        synchronized (refusals) {
            return List.copyOf(refusals);
        }
    }

    /** Returns when the active model was swapped in; empty before the first. */
    public Optional<Instant> activeSince() {
        return activeSince;
    }

    /** Returns how the shadow compares with the active model; empty if there is no shadow. */
    public Optional<ShadowSummary> shadow() {
        return comparison.map(ShadowComparison::summary);
    }

    void compared(Score activeScore, Score shadowScore) {
        // Just after a swap, a stream thread may still score with the previous pair.
        comparison
                .filter(current -> current.isOf(activeScore.version(), shadowScore.version()))
                .ifPresent(current -> current.add(activeScore, shadowScore));
    }

    void shadowFailed(String activeScored, String shadowFailed, RuntimeException cause) {
        comparison
                .filter(current -> current.isOf(activeScored, shadowFailed))
                .ifPresent(current -> current.addFailure(cause));
    }

    /** Starts a new comparison if two models are in use. */
    private void compare() {
        comparison.ifPresent(ShadowComparison::end);
        comparison = shadowVersion
                .filter(version -> !activeVersion.equals(Optional.of(version)))
                .map(version -> new ShadowComparison(activeVersion.orElse(""), version, registry));
    }

    private static String shown(Optional<String> version) {
        return version.map(UntrustedText::oneLine).orElse("none");
    }

    private static void show(MultiGauge gauge, Optional<String> version) {
        List<MultiGauge.Row<?>> rows = version.stream()
                .<MultiGauge.Row<?>>map(shown -> MultiGauge.Row.of(Tags.of("version", shown), 1))
                .toList();
        gauge.register(rows, true);
    }
}
