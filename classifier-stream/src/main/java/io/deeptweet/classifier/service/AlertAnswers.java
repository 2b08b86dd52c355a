// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.alert.AlertProcessor;
import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.classifier.alert.Rules;
import io.deeptweet.schemas.Alert;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Alerts and rules as the HTTP API and webhooks show them. */
final class AlertAnswers {
    private AlertAnswers() {}

    /**
     * An alert; the fields are those of {@link Alert}. Times are in ISO 8601, null if there is none.
     *
     * @param id the same for one alert and state, wherever it is shown
     * @param state {@code fired} or {@code cleared}
     */
    record AlertAnswer(
            String id,
            String rule,
            String feed,
            String condition,
            String state,
            String firedAt,
            String at,
            Double value,
            double threshold,
            long count,
            String windowStart,
            String windowEnd,
            String reason) {
        static AlertAnswer of(Alert alert) {
            String state = alert.getState().name().toLowerCase(Locale.ROOT);
            return new AlertAnswer(
                    key(alert) + "/" + alert.getFiredAt() + "/" + state,
                    alert.getRule(),
                    alert.getFeed().orElse(null),
                    Rule.word(alert.getCondition()),
                    state,
                    alert.getFiredAt().toString(),
                    alert.getAt().toString(),
                    alert.getValue().orElse(null),
                    alert.getThreshold(),
                    alert.getCount(),
                    alert.getWindowStart().map(Object::toString).orElse(null),
                    alert.getWindowEnd().map(Object::toString).orElse(null),
                    alert.getReason());
        }
    }

    /**
     * The alerts.
     *
     * @param active those that have fired and not cleared, the latest first
     * @param recent the last ones that fired or cleared, the latest first
     */
    record AlertsAnswer(List<AlertAnswer> active, List<AlertAnswer> recent) {}

    /**
     * A rule; the fields are those of {@link Rule}, durations in ISO 8601.
     *
     * @param feed null for each feed
     * @param configured whether the settings define it, so that requests cannot change it
     */
    record RuleAnswer(
            String name,
            String feed,
            String condition,
            String window,
            double threshold,
            String against,
            long minimumCount,
            String duration,
            String coolDown,
            boolean configured) {
        static RuleAnswer of(Rules.Known known) {
            Rule rule = known.rule();
            return new RuleAnswer(
                    rule.name(),
                    rule.feed().orElse(null),
                    Rule.word(rule.condition()),
                    given(rule.window()).orElse(null),
                    rule.threshold(),
                    given(rule.against()).orElse(null),
                    rule.minimumCount(),
                    rule.duration().toString(),
                    rule.coolDown().toString(),
                    known.configured());
        }

        private static Optional<String> given(Duration duration) {
            return duration.isZero() ? Optional.empty() : Optional.of(duration.toString());
        }
    }

    /** The key of an alert's records. */
    static String key(Alert alert) {
        return AlertProcessor.key(alert.getRule(), alert.getFeed());
    }
}
