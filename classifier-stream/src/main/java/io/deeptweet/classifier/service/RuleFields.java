// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.classifier.alert.Rules;
import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.TextFields;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.InvalidSettingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What settings and requests say of a rule, with the defaults of what they leave out. */
final class RuleFields {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "feed",
            "condition",
            "window",
            "threshold",
            "against",
            "minimumCount",
            "duration",
            "coolDown",
            "configured");
    private static final DurationConverter DURATIONS = new DurationConverter();

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration VOLUME_WINDOW = Duration.ofHours(1);
    private static final double DEVIATIONS = 3;
    private static final Duration AGAINST = Duration.ofHours(1);
    private static final long MINIMUM_COUNT = 20;
    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final Duration COOL_DOWN = Duration.ofMinutes(10);

    private RuleFields() {}

    /**
     * Reads the rules of the settings.
     *
     * @param sizes of the windows that are counted
     * @throws InvalidSettingException if one cannot be used
     */
    static Rules configured(AlertSettings settings, Set<Duration> sizes) {
        Rules none = new Rules(List.of(), sizes);
        List<Rule> rules = new ArrayList<>();
        for (Map.Entry<String, AlertSettings.RuleSettings> rule :
                settings.rules().entrySet()) {
            try {
                Rule given = configured(rule.getKey(), rule.getValue());
                none.requirePossible(given);
                rules.add(given);
            } catch (Rule.InvalidException e) {
                throw new InvalidSettingException(
                        "deeptweet.alerts.rules." + rule.getKey() + "." + kebab(e.field()), e.value(), e.allowed());
            }
        }
        return new Rules(rules, sizes);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Rule configured(String name, AlertSettings.RuleSettings given) {
        return rule(
                name,
                given.feed(),
                given.condition(),
                given.window(),
                given.threshold(),
                given.against(),
                given.minimumCount(),
                given.duration(),
                given.coolDown());
    }

    /**
     * Reads the body of a request: an object with the fields of {@link AlertAnswers.RuleAnswer}; all but the condition
     * may be missing.
     *
     * @throws IllegalArgumentException if it defines no rule; the message names the field
     */
    static Rule parsed(String name, String body) {
        JsonNode fields = TextFields.object(body.getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, JsonNode> field : fields.properties())
            if (!FIELDS.contains(field.getKey()))
                throw new IllegalArgumentException(UntrustedText.quoted(field.getKey()) + " is no field: use feed,"
                        + " condition, window, threshold, against, minimumCount, duration and coolDown");
        if (text(fields, "name").filter(given -> !given.equals(name)).isPresent())
            throw new IllegalArgumentException("name is not the one in the path: leave it out");
        return rule(
                name,
                text(fields, "feed"),
                condition(fields),
                duration(fields, "window"),
                number(fields, "threshold"),
                duration(fields, "against"),
                whole(fields, "minimumCount"),
                duration(fields, "duration"),
                duration(fields, "coolDown"));
    }

    private static Rule rule(
            String name,
            Optional<String> feed,
            AlertCondition condition,
            Optional<Duration> window,
            Optional<Double> threshold,
            Optional<Duration> against,
            Optional<Long> minimumCount,
            Optional<Duration> duration,
            Optional<Duration> coolDown) {
        boolean windows = Rule.isOnWindows(condition);
        boolean volume = condition == AlertCondition.VOLUME;
        return new Rule(
                name,
                feed,
                condition,
                windows ? window.orElse(volume ? VOLUME_WINDOW : WINDOW) : Duration.ZERO,
                threshold.orElse(volume ? DEVIATIONS : 0.0),
                condition == AlertCondition.NEGATIVE_SHARE_CHANGE ? against.orElse(AGAINST) : Duration.ZERO,
                windows ? minimumCount.orElse(MINIMUM_COUNT) : 0L,
                duration.orElse(condition == AlertCondition.SILENCE ? SILENCE : Duration.ZERO),
                coolDown.orElse(COOL_DOWN));
    }

    private static AlertCondition condition(JsonNode fields) {
        String words = Arrays.stream(AlertCondition.values()).map(Rule::word).collect(Collectors.joining(", "));
        String given = text(fields, "condition")
                .orElseThrow(() -> new IllegalArgumentException("condition is missing: use one of " + words));
        return Arrays.stream(AlertCondition.values())
                .filter(condition -> Rule.word(condition).equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "condition is " + UntrustedText.quoted(given) + ": use one of " + words));
    }

    private static Optional<JsonNode> given(JsonNode fields, String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isNull());
    }

    private static Optional<String> text(JsonNode fields, String name) {
        return given(fields, name).map(value -> {
            if (!value.isTextual()) throw new IllegalArgumentException(name + " is not text: use a JSON string");
            return value.textValue();
        });
    }

    private static Optional<Duration> duration(JsonNode fields, String name) {
        return text(fields, name).map(value -> {
            try {
                return DURATIONS.convert(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        name + " is " + UntrustedText.quoted(value) + ": use a duration such as 5m", e);
            }
        });
    }

    private static Optional<Double> number(JsonNode fields, String name) {
        return given(fields, name).map(value -> {
            if (!value.isNumber()) throw new IllegalArgumentException(name + " is no number: use one without quotes");
            return value.doubleValue();
        });
    }

    private static Optional<Long> whole(JsonNode fields, String name) {
        return given(fields, name).map(value -> {
            if (!value.canConvertToExactIntegral() || !value.canConvertToLong())
                throw new IllegalArgumentException(name + " is no whole number");
            return value.longValue();
        });
    }
}
