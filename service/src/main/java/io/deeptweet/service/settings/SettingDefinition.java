// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.common.utils.StringUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A setting with all that its mapping method says about it.
 *
 * @param key the full key, such as {@code deeptweet.feeds.election.rate}, or with {@code <feed>} in the documentation
 * @param setting the annotation
 * @param type type of the value, or of a list's element
 * @param form one value, an optional one, or a list
 * @param defaultValue the default as it would be written
 * @param converter what reads the value; empty for the type's usual converter
 */
record SettingDefinition(
        String key,
        Setting setting,
        Class<?> type,
        Form form,
        Optional<String> defaultValue,
        Optional<Class<? extends Converter<?>>> converter) {

    enum Form {
        VALUE,
        OPTIONAL,
        LIST,
        OPTIONAL_LIST
    }

    private boolean isBoolean() {
        return type == boolean.class || type == Boolean.class;
    }

    private boolean isList() {
        return form == Form.LIST || form == Form.OPTIONAL_LIST;
    }

    boolean isRequired() {
        return (form == Form.VALUE || form == Form.LIST) && defaultValue.isEmpty();
    }

    /** The environment variable; a placeholder such as {@code <FEED>} stays. */
    String environmentVariable() {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9<>]", "_");
    }

    /** Allowed values, as the end of the sentence "use …". */
    String allowed() {
        if (!setting.allowed().isEmpty()) return setting.allowed();
        String values = type.isEnum()
                ? oneOf(Arrays.stream(type.getEnumConstants())
                        .map(constant -> StringUtil.skewer(((Enum<?>) constant).name()))
                        .toList())
                : isBoolean() ? "true or false" : bounds();
        return values + (setting.example().isEmpty() ? "" : ", such as " + setting.example());
    }

    private String bounds() {
        boolean time = type == Duration.class;
        if (!setting.from().isEmpty() && !setting.to().isEmpty()) return setting.from() + " to " + setting.to();
        List<String> bounds = new ArrayList<>();
        if (!setting.from().isEmpty()) bounds.add(setting.from() + (time ? " or longer" : " or more"));
        if (!setting.above().isEmpty()) bounds.add((time ? "longer than " : "more than ") + setting.above());
        if (!setting.to().isEmpty()) bounds.add("at most " + setting.to());
        if (!setting.below().isEmpty()) bounds.add((time ? "shorter than " : "less than ") + setting.below());
        return bounds.isEmpty() ? "any value" : String.join(", ", bounds);
    }

    private static String oneOf(List<String> values) {
        return values.stream().limit(Math.max(1, values.size() - 1L)).collect(Collectors.joining(", "))
                + (values.size() > 1 ? " or " + values.get(values.size() - 1) : "");
    }

    /** The fault of the value in a configuration; empty if it can be used, or if the default applies. */
    Optional<SettingFault> fault(SmallRyeConfig config) {
        ConfigValue value = config.getConfigValue(key);
        if (value.hasProblems()) // such as a reference ${HOST} to something that has no value
        return Optional.of(wrong(value.getRawValue()));
        if (value.getValue() == null
                && (!isList() || config.getIndexedProperties(key).isEmpty()))
            return isRequired() ? Optional.of(SettingFault.missing(key, allowed())) : Optional.empty();
        String raw = Optional.ofNullable(value.getValue()).orElse("");
        if (raw.isEmpty() && (form == Form.OPTIONAL || form == Form.OPTIONAL_LIST)) return Optional.empty();
        return isAllowed(config, raw) ? Optional.empty() : Optional.of(wrong(raw));
    }

    private SettingFault wrong(String raw) {
        return setting.secret()
                ? SettingFault.wrongSecret(key, allowed())
                : SettingFault.wrongValue(key, raw, allowed());
    }

    private boolean isAllowed(SmallRyeConfig config, String raw) {
        try {
            Converter<Object> reads = converter(config);
            if (isList()) {
                IntFunction<List<Object>> list = ArrayList::new;
                List<?> values = config.getValues(key, reads, list);
                return !values.isEmpty()
                        && values.stream().allMatch(value -> hasPattern(value.toString()) && isInBounds(reads, value));
            }
            if (!hasPattern(raw)) return false;
            if (isBoolean() && !raw.strip().matches("true|false")) return false; // SmallRye takes the rest for false
            Object value = reads.convert(raw.strip());
            return value != null && isInBounds(reads, value);
        } catch (RuntimeException e) { // converters throw what they like
            return false;
        }
    }

    private boolean hasPattern(String value) {
        return setting.pattern().isEmpty() || value.strip().matches(setting.pattern());
    }

    /** Whether the default, if there is one, is itself allowed; expressions are not looked into. */
    boolean hasAllowedDefault(SmallRyeConfig config) {
        try {
            Converter<Object> reads = converter(config);
            return defaultValue.stream()
                    .filter(value -> !value.contains("${"))
                    .flatMap(value -> isList() ? Arrays.stream(value.split(",")) : defaultValue.stream())
                    .allMatch(value -> hasPattern(value) && isInBounds(reads, reads.convert(value)));
        } catch (RuntimeException e) { // converters throw what they like
            return false;
        }
    }

    @SuppressWarnings("unchecked")
    private Converter<Object> converter(SmallRyeConfig config) {
        if (converter.isEmpty()) return (Converter<Object>) config.requireConverter(type);
        try {
            return (Converter<Object>) converter.get().getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(converter.get() + " needs a public constructor without parameters", e);
        }
    }

    private boolean isInBounds(Converter<Object> reads, Object value) {
        if ((value instanceof Double number && number.isNaN()) || (value instanceof Float small && small.isNaN()))
            return false;
        return (setting.from().isEmpty() || compare(value, reads.convert(setting.from())) >= 0)
                && (setting.above().isEmpty() || compare(value, reads.convert(setting.above())) > 0)
                && (setting.to().isEmpty() || compare(value, reads.convert(setting.to())) <= 0)
                && (setting.below().isEmpty() || compare(value, reads.convert(setting.below())) < 0);
    }

    /** Both are of one type, since one converter made them. */
    @SuppressWarnings("unchecked")
    private static int compare(Object value, Object bound) {
        return ((Comparable<Object>) value).compareTo(bound);
    }
}
