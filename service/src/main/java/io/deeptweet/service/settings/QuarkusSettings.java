// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.deeptweet.schemas.text.UntrustedText;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of Quarkus for traces and logs that {@code docs/operations.md} describes. Quarkus takes a word that is
 * no truth value for false, which would turn traces on, and does not name the others that it refuses.
 */
final class QuarkusSettings {
    private static final String EXPORTER = "quarkus.otel.exporter.otlp.";
    private static final Predicate<String> TRUTH = matches("(?i)true|false");
    private static final String TRUE_OR_FALSE = "true or false";

    private record Defined(String key, Predicate<String> isAllowed, String allowed) {}

    private static final List<Defined> ALL = List.of(
            new Defined("quarkus.otel.sdk.disabled", TRUTH, TRUE_OR_FALSE),
            new Defined("quarkus.log.console.json.enabled", TRUTH, TRUE_OR_FALSE),
            new Defined(EXPORTER + "endpoint", matches("https?://\\S+"), "an address such as http://collector:4317"),
            new Defined(EXPORTER + "protocol", matches("grpc|http/protobuf"), "grpc or http/protobuf"),
            new Defined("quarkus.otel.traces.sampler.arg", QuarkusSettings::isShare, "0 to 1"));

    /** Holds secrets. */
    private static final Defined HEADERS = new Defined(
            EXPORTER + "headers", matches("[^=,]+=[^,]*(,[^=,]+=[^,]*)*"), "name=value, separated by commas");

    private QuarkusSettings() {}

    static List<SettingFault> faults(SmallRyeConfig config) {
        return Stream.concat(
                        ALL.stream()
                                .flatMap(each -> wrong(config, each)
                                        .map(value -> SettingFault.wrongValue(
                                                each.key(), UntrustedText.withoutUserInfo(value), each.allowed()))
                                        .stream()),
                        wrong(config, HEADERS)
                                .map(value -> SettingFault.wrongSecret(HEADERS.key(), HEADERS.allowed()))
                                .stream())
                .toList();
    }

    private static Optional<String> wrong(SmallRyeConfig config, Defined setting) {
        return Optional.ofNullable(config.getConfigValue(setting.key()).getValue())
                .map(String::strip)
                .filter(value -> !value.isEmpty() && !setting.isAllowed().test(value));
    }

    private static Predicate<String> matches(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static boolean isShare(String value) {
        try {
            double share = Double.parseDouble(value);
            return share >= 0 && share <= 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
